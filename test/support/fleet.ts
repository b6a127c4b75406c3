import type { Change } from '../../src/evidence/change.ts';
import type { Incident } from '../../src/evidence/incident.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Config } from '../../src/evidence/probe.ts';
import type { ProbeState } from '../../src/evidence/state.ts';
import type { Tally } from '../../src/evidence/tally.ts';
import type { Store } from '../../src/ports.ts';
import { tallied } from '../../src/stats/tally.ts';
import { configOf, entry } from './judging.ts';
import { randomOf } from './random.ts';
import { poolIncident } from './values.ts';

const KINDS = [
  { provisioner: 'gecko-3', types: ['decision', 'b-linux', 'b-win2022', 'b-osx', 't-signing'], usual: 60 * SECOND },
  { provisioner: 'gecko-1', types: ['decision', 'b-linux', 'b-win2022', 'images'], usual: 90 * SECOND },
  { provisioner: 'gecko-t', types: ['t-linux-large', 't-linux-xlarge', 'win11-64-24h2', 'win10-64-gpu'], usual: 9 * MINUTE },
  { provisioner: 'comm-1', types: ['decision', 'b-linux', 'b-win2022'], usual: 100 * SECOND },
  { provisioner: 'releng-hardware', types: ['gecko-t-osx-1015-r8', 'gecko-t-linux-talos'], usual: 4 * SECOND },
  { provisioner: 'built-in', types: ['succeed'], usual: 2 * SECOND },
];

/** So many pools of a large deployment. */
export function fleetNames(count: number): string[] {
  const all = KINDS.flatMap(({ provisioner, types }) => types.map((type) => `${provisioner}/${type}`));
  return Array.from({ length: count }, (_, i) => {
    const round = Math.floor(i / all.length);
    return round === 0 ? (all[i] ?? '') : `${all[i % all.length]}-${round}`;
  });
}

export interface FleetOptions {
  names: readonly string[];
  now: number;
  /** These have had an unclaimed canary for so long. */
  stuck?: Record<string, number>;
  /** Hours of history, a canary each quarter. */
  hours?: number;
  config?: Partial<Config>;
}

/** A deployment with a day behind it: every pool claims in its own way, and some have stopped to. */
export async function fleet(store: Store, { names, now, stuck = {}, hours = 26, config = {} }: FleetOptions): Promise<Config> {
  const random = randomOf(7);
  const changes: Change[] = [];
  for (const name of names) {
    const usual = KINDS.find(({ provisioner }) => name.startsWith(`${provisioner}/`))?.usual ?? MINUTE;
    const waits = stuck[name];
    changes.push(...pool(name, usual, now, hours, waits, random));
  }
  const bad = Object.entries(stuck).map(([name, ms]) => incidentOf(name, now - ms, now));
  for (const incident of bad) changes.push({ kind: 'incident', incident, routes: [] });
  const { revision, watch } = await store.load();
  const passed = { ...watch, lookedAt: now - SECOND, passAt: now - 2 * SECOND, triedAt: now - 2 * SECOND };
  await store.commit(revision, [...changes, { kind: 'watch', watch: passed }]);
  const limits = (name: string) => (name.startsWith('gecko-t/') ? { warnAfter: 30 * MINUTE, pageAfter: 2 * HOUR } : undefined);
  return configOf(
    names.map((name) => {
      const thresholds = limits(name);
      const objective = { target: 0.95, under: 20 * MINUTE, over: 14 * DAY };
      return entry(name, { ...(thresholds && { thresholds }), ...(name.endsWith('decision') && { objective }) });
    }),
    { deployment: 'firefox-ci', rootUrl: 'https://firefox-ci-tc.services.mozilla.com', ...config },
  );
}

function pool(
  name: string,
  usual: number,
  now: number,
  hours: number,
  waits: number | undefined,
  random: () => number,
): Change[] {
  const changes: Change[] = [];
  const offset = Math.floor(random() * 15 * MINUTE);
  const stopped = waits === undefined ? now : now - waits;
  const recent: number[] = [];
  let lastClaim: ProbeState['lastClaim'];
  let tally: Tally | undefined;
  const first = Math.floor((now - hours * HOUR) / (15 * MINUTE)) * 15 * MINUTE + offset;
  for (let slot = first; slot < stopped - 16 * MINUTE; slot += 15 * MINUTE) {
    const busy = 1 + 1.5 * Math.sin(((slot % DAY) / DAY) * 2 * Math.PI) ** 2;
    const start = name.startsWith('releng') || name.startsWith('built-in') ? 'unknown' : random() < 0.6 ? 'cold' : 'warm';
    const spread = busy * (start === 'warm' ? 0.08 : 1) * Math.exp(0.9 * (random() + random() - 1));
    // At a busy hour of the day some are past their thresholds; the newest never is, else a quiet fleet would have slow pools by the clock.
    const newest = slot >= stopped - 31 * MINUTE;
    const ms = Math.round(usual * (newest ? 1 : spread) + SECOND);
    const taskId = taskIdOf(random);
    const at = slot + 700 + ms;
    const common = { taskId, probe: name, pool: name, slot, schedulerId: 'tc-canary', taskGroupId: 'G'.repeat(22) };
    changes.push({
      kind: 'canary',
      canary: {
        ...common,
        deadline: slot + 6 * HOUR,
        stage: 'claimed',
        scheduled: slot + 700,
        started: at,
        ended: at,
        start,
        worker: `us-central1-b/${Math.floor(random() * 1e9)}`,
      },
    });
    const seen = { ms, start, censored: false, breach: ms > 5 * MINUTE && usual < 5 * MINUTE } as const;
    changes.push({ kind: 'observation', probe: name, at: slot, ...seen });
    tally = tallied(tally, seen);
    recent.push(ms);
    lastClaim = { taskId, at, ms, start };
  }
  const open = { taskId: taskIdOf(random), probe: name, pool: name, slot: stopped, schedulerId: 'tc-canary' };
  changes.push({
    kind: 'probe',
    state: {
      name,
      pool: name,
      lastSlot: now,
      knownSince: first,
      recent: recent.slice(-50),
      claims: recent.length,
      good: 5,
      conflicts: 0,
      evidenceAt: now - SECOND,
      ...(lastClaim && { lastClaim }),
      ...(tally && { tally }),
      ...(waits !== undefined && {
        open: { ...open, taskGroupId: 'G'.repeat(22), deadline: now + HOUR, stage: 'pending' as const, scheduled: stopped },
        chain: { slot: stopped, since: stopped },
        breach: { since: stopped, slot: stopped, level: 'page' as const, taskId: open.taskId, age: waits, claimed: false },
        verdict: { is: 'stuck' as const, since: stopped + 15 * MINUTE, why: 'pending-past-page' as const },
      }),
    },
  });
  return changes;
}

/** A day in which between none and a dozen workers were created in each hour, fewer than are usual now. */
export function createdIn(pool: string, now: number): Change[] {
  const hour = Math.floor(now / HOUR) * HOUR;
  const counts = Array.from({ length: 5 * 24 }, (_, i) => (i === 5 * 24 - 1 ? 1 : (i * 7) % 13));
  const record = { pool, at: 0, created: { hour, counts, since: hour - 5 * DAY, at: now } };
  const hours = counts.map((count, i) => ({ kind: 'created' as const, pool, at: hour - (counts.length - 1 - i) * HOUR, count }));
  return [{ kind: 'pool', record }, ...hours];
}

function incidentOf(name: string, since: number, now: number): Incident {
  const at = (minutes: number) => since + minutes * MINUTE;
  const ms = now - since;
  const entry = (minutes: number, what: 'opened' | 'escalated', text: string) => ({ at: at(minutes), what, text, loud: true });
  return poolIncident({
    id: `firefox-ci/probe:${name}/2021-10-08T00:00:00Z`,
    anchor: `probe:${name}`,
    since,
    opened: at(5),
    evidence: {
      kind: 'pool',
      probe: name,
      pool: name,
      taskId: 'A'.repeat(22),
      since,
      age: ms,
      claimed: false,
      warnAfter: 5 * MINUTE,
      pageAfter: 15 * MINUTE,
      lastClaim: { at: since - 3 * MINUTE, ms: 64 * SECOND },
      usual: 142 * SECOND,
      good: 0,
      resolveAfter: 2,
    },
    timeline: [
      entry(5, 'opened', 'canary unclaimed for 5m, past the 5m after which to warn'),
      entry(15, 'escalated', 'canary unclaimed for 15m, past the 15m after which to page'),
    ],
    runbook: 'https://example.com/runbooks/decision',
  });
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function taskIdOf(random: () => number): string {
  return Array.from({ length: 22 }, () => LETTERS[Math.floor(random() * 64)]).join('');
}
