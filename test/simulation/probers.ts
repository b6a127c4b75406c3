import fc from 'fast-check';
import { checkCron } from '../../src/config/cron.ts';
import type { PoolGroup, Prober, Settings } from '../../src/drill/scenario.ts';
import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { PRIORITIES } from '../../src/evidence/task.ts';
import { present } from './deployments.ts';

type Entry = Settings['probes'][number];

export function scheduleOf(line: string): NonNullable<Entry['schedule']> {
  const checked = checkCron(line);
  if (!checked.ok) throw new Error(`${line} ${checked.problem}`);
  return checked.value;
}

const SCHEDULES = ['* * * * *', '*/2 * * * *', '*/3 * * * *'].map(scheduleOf);

/** Longer than anything takes where nothing is broken. */
const LEAST_PATIENCE = 60;
/** A canary is cancelled five minutes before its deadline, and must have paged ten before it. */
export const DEADLINE_AFTER = 11 * MINUTE;

const settings = fc
  .record({
    schedule: fc.constantFrom(...SCHEDULES),
    warn: fc.integer({ min: LEAST_PATIENCE, max: 90 }),
    more: fc.integer({ min: 10, max: 90 }),
    resolveAfter: fc.integer({ min: 1, max: 3 }),
    mode: fc.constantFrom('alert', 'alert', 'alert', 'alert', 'alert', 'alert', 'observe'),
    priority: fc.option(fc.constantFrom(...PRIORITIES), { nil: undefined }),
    short: fc.constantFrom(true, true, true, false),
    pageOnBacklog: fc.boolean(),
  })
  .map(({ warn, more, short, priority, ...rest }) => {
    const pageAfter = (warn + more) * SECOND;
    return { ...rest, priority, warnAfter: warn * SECOND, pageAfter, deadline: short ? pageAfter + DEADLINE_AFTER : undefined };
  });

const incidents = fc
  .record({
    groupWait: fc.constantFrom(0, 10 * SECOND, 30 * SECOND),
    fleetAt: fc.integer({ min: 2, max: 4 }),
    remindEvery: fc.constantFrom('never', 3 * MINUTE, 20 * MINUTE),
    reopenWithin: fc.constantFrom(0, 3 * MINUTE),
  })
  .map((value): Settings['incidents'] => value as Settings['incidents']);

const common = fc.record({
  mode: fc.constantFrom('service', 'service', 'cron'),
  replicas: fc.constantFrom(1, 1, 1, 2, 2, 3),
  unreachableAfter: fc.constantFrom(2 * MINUTE, 5 * MINUTE),
  incidents,
  provisioning: fc.record({
    mode: fc.constantFrom('off', 'alert', 'observe'),
    silence: fc.constantFrom(4 * MINUTE, 10 * MINUTE),
    pools: fc.constant<string[]>([]),
  }),
});

export const DEFAULTS: Settings['defaults'] = {
  schedule: scheduleOf('*/5 * * * *'),
  timezone: 'Etc/UTC',
  mode: 'alert',
  payload: 'auto',
  priority: 'lowest',
  resolveAfter: 2,
  pageOnBacklog: false,
};

/** In some nights somebody expects trouble, of a pool, of several, or of a kind, for some minutes of the time in which faults begin. */
function silencesOn(names: readonly string[], start: number): fc.Arbitrary<Settings['silences']> {
  const silence = fc
    .record({
      match: fc.constantFrom(...names, 'gecko-*/*', '*/*', 'not-provisioned', 'queue-unreachable', 'provisioning-stalled'),
      from: fc.integer({ min: 0, max: 6 * 60 }),
      lasts: fc.integer({ min: 60, max: 8 * 60 }),
    })
    .map(({ match, from, lasts }) => {
      const begins = start + from * SECOND;
      return { match, from: begins, until: begins + lasts * SECOND, reason: 'work on it is announced' };
    });
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<Settings['silences']>([]) },
    { weight: 1, arbitrary: fc.array(silence, { minLength: 1, maxLength: 2 }) },
  );
}

/** In some nights the probes are those of several people, of each pool as it comes. */
function teamsOf(probes: number): fc.Arbitrary<(string | undefined)[]> {
  const team = fc.constantFrom('sheriffs', 'releng', undefined);
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<undefined[]>([]) },
    { weight: 1, arbitrary: fc.array(team, { minLength: probes, maxLength: probes }) },
  );
}

/** A probe for each pool, and for some a second one that asks in another way. */
export function probersOf(pools: readonly PoolGroup[], start: number): fc.Arbitrary<Prober> {
  const names = pools.flatMap((group) => group.names);
  const each = fc.array(fc.tuple(settings, fc.option(settings, { nil: undefined, freq: 4 })), {
    minLength: names.length,
    maxLength: names.length,
  });
  const settled = fc.tuple(common, each, silencesOn(names, start), teamsOf(2 * names.length));
  return settled.map(([{ mode, replicas, ...rest }, wishes, silences, teams]): Prober => {
    const probes = names.flatMap((pool, i): Entry[] => {
      const payload = pools[i]?.known === false ? { payload: 'generic-worker' as const } : {};
      return (wishes[i] ?? []).flatMap((wish, nth) =>
        wish === undefined
          ? []
          : [
              present({
                ...(nth > 0 && { name: `${pool.replace('/', '-')}-again` }),
                pool,
                team: teams[2 * i + nth],
                ...payload,
                ...wish,
              }) as Entry,
            ],
      );
    });
    return { mode, replicas, ...rest, silences, defaults: DEFAULTS, probes };
  });
}
