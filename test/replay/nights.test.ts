import { beforeEach, describe, expect, it } from 'vitest';
import type { LivedCanary } from '../../src/evidence/canary.ts';
import type { Incident } from '../../src/evidence/incident.ts';
import { HOUR } from '../../src/evidence/instant.ts';
import { Alarms } from '../../src/judge/replay/alarms.ts';
import { beatsOf } from '../../src/judge/replay/lived.ts';
import { Replay } from '../../src/judge/replay/replay.ts';
import { surroundingsOf } from '../../src/judge/replay/surroundings.ts';
import { addressees } from '../../src/notify/routes.ts';
import { storeOver } from '../../src/store/store.ts';
import { fleetNight, night } from '../support/nights.ts';
import { play, type Scenario } from '../support/play.ts';
import { emptyableStore } from '../support/store.ts';

const { db, empty } = await emptyableStore();
beforeEach(empty);

/** What is left of a night in its store, and what PagerDuty was told meanwhile. */
async function lived(scenario: Scenario) {
  const { config, pages } = await play(db, scenario);
  const store = storeOver(db, 'lived');
  const state = await store.load();
  const canaries: LivedCanary[] = [];
  for (const probe of state.probes.keys())
    for (const canary of await store.canaries(probe, 10_000)) canaries.push({ ...canary, probe });
  return { config, state, canaries, pages, stored: await store.incidents(0), scenario };
}

function replayed({ config, state, stored, canaries, scenario }: Awaited<ReturnType<typeof lived>>) {
  const alarms = new Alarms();
  const last = new Map<string, Incident>();
  const rules = { addressees: addressees(config), groupWait: config.incidents.groupWait };
  const around = surroundingsOf(state, stored);
  const replay = new Replay(config, rules, around, scenario.start - HOUR, (revised) => {
    last.set(revised.incident.id, revised.incident);
    alarms.hear(revised);
  });
  const end = scenario.start + scenario.length;
  replay.play(beatsOf(canaries), end);
  return { alarms: alarms.until(end), incidents: [...last.values()] };
}

const opened = (pages: { what: string; key: string }[]) => pages.filter(({ what }) => what === 'opened').map(({ key }) => key);

describe('a night that is replayed with the thresholds it was lived with', () => {
  it.each([
    ['one pool gets no workers', night()],
    ['six pools get none', fleetNight()],
  ])('gives the pages that were sent, under their ids: %s', async (_what, scenario) => {
    const past = await lived(scenario);
    const { alarms } = replayed(past);
    const paged = alarms.flatMap(({ told, incident }) => (told.page === undefined ? [] : [incident.id]));
    expect(paged).toEqual(opened(past.pages));
    expect(paged.length).toBeGreaterThan(0);
  });
});
