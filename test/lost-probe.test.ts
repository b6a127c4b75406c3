import { it } from 'vitest';
import { MINUTE, SECOND, iso } from '../src/evidence/instant.ts';
import { fleetNight, night } from './simulation/nights.ts';
import { play } from './simulation/play.ts';
import { brokenFleetPromises, brokenPromises } from './simulation/promises.ts';
import { emptyableStore } from './support/store.ts';

const { db, empty } = await emptyableStore();
it('shows', async () => {
  const start = night().start;
  const at = (s: number) => [{ from: start + s * SECOND, until: start + s * SECOND + 1 }];
  const out: string[] = [];
  for (const mode of ['service', 'cron'] as const) {
    for (const [name, storeLost] of [['none', []], ...[30, 110, 150, 165, 200, 260, 340, 365, 372, 380, 400, 450].map((s) => [`${s}s`, at(s)]), ['always', [{ from: start, until: start + 60 * MINUTE }]]] as [string, { from: number; until: number }[]][]) {
      await empty();
      const sc = night({ mode, storeLost, length: 14 * MINUTE });
      const p = await play(db, sc);
      out.push(`${mode} ${name}: ${p.pages.filter((x) => x.what !== 'repeated' && x.what !== 'dropped').map((x) => `${x.what}@${Math.round((x.at - start) / 1000)}`)} (${p.pages.length}) posts=${p.slack.posts.length} replies=${p.slack.messages.length - p.slack.posts.length} broken=${JSON.stringify(brokenPromises(sc, p).map((x) => x.slice(0, 90)))}`);
    }
    for (const [name, storeLost] of [['none', []], ...[110, 165, 250, 500, 640].map((s) => [`${s}s`, at(s)]), ['always', [{ from: start, until: start + 60 * MINUTE }]]] as [string, { from: number; until: number }[]][]) {
      await empty();
      const sc = fleetNight({ mode, storeLost });
      const p = await play(db, sc);
      out.push(`FLEET ${mode} ${name}: ${p.pages.filter((x) => x.what !== 'repeated' && x.what !== 'dropped').map((x) => `${x.what}@${Math.round((x.at - start) / 1000)}`)} (${p.pages.length}) posts=${p.slack.posts.length} replies=${p.slack.messages.length - p.slack.posts.length} broken=${JSON.stringify(brokenFleetPromises(p).map((x) => x.slice(0, 90)))}`);
    }
  }
  console.log(out.join('\n'));
}, 600_000);
