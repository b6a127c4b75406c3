import fc from 'fast-check';
import type { Message } from '../src/evidence/delivery.ts';
import type { Diagnosis, PoolFigures, Stall } from '../src/evidence/diagnosis.ts';
import type {
  AskEvidence,
  CapacityEvidence,
  Cause,
  Entry,
  FleetEvidence,
  Happening,
  Incident,
  Level,
  Manner,
  Member,
  PoolEvidence,
} from '../src/evidence/incident.ts';
import { CAUSES } from '../src/evidence/incident.ts';
import { instantOf, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Log } from '../src/ports.ts';

export const NIGHT = instantOf('2021-10-08T23:00:00Z');
const ROOT = 'https://tc.example.com';
export const TASK = 'fN1SbArXTPSVFNUvaOlinQ';

export function entry(what: Entry['what'], text: string, at: number, loud = true): Entry {
  return { at, what, text, loud };
}

/** A pool whose canary has been unclaimed for 16 m 02 s: warned at five minutes, paged at fifteen. */
export function stuck(change: Partial<Incident> = {}, evidence: Partial<PoolEvidence> = {}): Incident {
  const now = NIGHT + 16 * MINUTE + 2 * SECOND;
  return {
    id: 'firefox-ci/probe:gecko-3/decision/2021-10-08T23:00:00Z',
    anchor: 'probe:gecko-3/decision',
    class: 'pool',
    cause: 'unexplained',
    level: 'page',
    since: NIGHT,
    opened: NIGHT + 5 * MINUTE,
    revision: 2,
    evidence: {
      kind: 'pool',
      probe: 'gecko-3/decision',
      pool: 'gecko-3/decision',
      taskId: TASK,
      since: NIGHT,
      age: 16 * MINUTE + 2 * SECOND,
      claimed: false,
      warnAfter: 5 * MINUTE,
      pageAfter: 15 * MINUTE,
      lastClaim: { at: NIGHT + 2 * MINUTE, ms: 12 * SECOND },
      usual: 40 * SECOND,
      good: 0,
      resolveAfter: 2,
      ...evidence,
    },
    timeline: [
      entry('opened', 'canary unclaimed for 5m', NIGHT + 5 * MINUTE),
      entry('escalated', 'canary unclaimed for 16m 02s', now),
    ],
    addressed: {},
    crossed: { warn: NIGHT + 5 * MINUTE, page: NIGHT + 15 * MINUTE },
    ...change,
  };
}

/** The same incident with one more entry and the revision that goes with it. */
export function andThen(incident: Incident, next: Entry, change: Partial<Incident> = {}): Incident {
  return { ...incident, ...change, revision: incident.revision + 1, timeline: [...incident.timeline, next] };
}

export function resolved(incident: Incident): Incident {
  const at = NIGHT + 35 * MINUTE;
  return andThen(incident, entry('resolved', 'claimed after 12s, over after 35m', at), { ended: at, end: 'resolved' });
}

export function cannotAsk(cause: Cause, change: Partial<AskEvidence> = {}): Incident {
  return {
    id: `firefox-ci/ask:${cause}/2021-10-08T23:00:00Z`,
    anchor: `ask:${cause}`,
    class: cause === 'pool-unknown' ? 'configuration' : 'cannot-ask',
    cause,
    level: 'page',
    since: NIGHT,
    opened: NIGHT + 5 * MINUTE,
    revision: 1,
    evidence: { kind: 'ask', since: NIGHT, detail: 'connect ECONNREFUSED', probes: [], ...change },
    timeline: [entry('opened', 'for 5m: connect ECONNREFUSED', NIGHT + 5 * MINUTE)],
    addressed: {},
    crossed: { page: NIGHT + 5 * MINUTE },
  };
}

/** So many pools that went bad together, the longest for 47 minutes, each a second less than the one before. */
export function fleet(pools: number, change: Partial<Incident> = {}, evidence: Partial<FleetEvidence> = {}): Incident {
  const members = Array.from({ length: pools }, (_, at): Member => {
    const [pool, age] = [`gecko-3/b-linux-${at}`, 47 * MINUTE - at * SECOND];
    return { probe: pool, pool, level: 'page', taskId: TASK, since: NIGHT + at * SECOND, age, claimed: false };
  });
  return stuck({
    evidence: {
      kind: 'fleet',
      since: NIGHT,
      members,
      recovered: 0,
      witnesses: pools + 3,
      common: ['provider gcp', 'level 3'],
      ...evidence,
    },
    revision: 2,
    timeline: [
      entry('opened', 'canary unclaimed for 15m', NIGHT + 15 * MINUTE),
      entry('promoted', `${pools} pools went bad together`, NIGHT + 16 * MINUTE),
    ],
    ...change,
  });
}

export function membersOf({ evidence }: Incident): Member[] {
  return evidence.kind === 'fleet' ? evidence.members : [];
}

const MANNERS: Record<Level, Manner> = { warn: { severity: 'warning' }, page: { severity: 'critical' } };

/** Told in the manner that fits its level, in another, or to a route that its level does not address. */
export function messageOf(incident: Incident, manner: Manner | 'none' = MANNERS[incident.level]): Message {
  return { deployment: 'firefox-ci', rootUrl: ROOT, incident, ...(manner !== 'none' && { manner }) };
}

/** Text as it comes from outside: any code units, markup, mentions, emoji, and now and then far too much of it. */
export const outside = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '<!channel>',
    '<@U123|x>',
    '`*_~',
    '&<>',
    '\u202E\u0007\ud800',
    '@here',
    '```',
    '<!subteam^S1>',
    '\n> quote',
    '',
  ),
  fc.constantFrom('🔥👩‍👩‍👧', '&', '<!here>', 'a*b_c ', '\n').map((part) => part.repeat(2_500)),
);

const instant = fc.integer({ min: NIGHT, max: NIGHT + 10 * 24 * 60 * MINUTE });
const duration = fc.integer({ min: 0, max: 5 * 24 * 60 * MINUTE });

const commonError = fc.record(
  { kind: outside, title: outside, description: outside, code: outside, count: fc.nat() },
  { requiredKeys: ['kind', 'title', 'description', 'count'] },
);

const optional = {
  provider: outside,
  pending: fc.nat(),
  claimed: fc.nat(),
  oldestPending: duration,
  claimRate: fc.nat(),
  eta: duration,
  requested: fc.nat(),
  running: fc.nat(),
  stopping: fc.nat(),
  minCapacity: fc.nat(),
  maxCapacity: fc.nat(),
  newestWorker: duration,
  oldestRequested: duration,
  usualBoot: duration,
  created: fc.nat(),
  usuallyCreated: fc.double({ min: 0, max: 9_000, noNaN: true }),
  young: fc.nat(),
  youngGone: fc.nat(),
  errors: fc.nat(),
  usualErrors: fc.double({ min: 0, max: 9_000, noNaN: true }),
  commonError,
  workers: fc.nat(),
  quarantined: fc.nat(),
  lastActive: duration,
  launchConfigs: fc.nat(3),
};

const figures: fc.Arbitrary<PoolFigures> = fc.record(
  { at: instant, claims: fc.constantFrom('move', 'stand', 'cannot tell'), ...optional },
  { requiredKeys: ['at', 'claims'] },
);

const diagnosis: fc.Arbitrary<Diagnosis> = fc.record({
  cause: fc.constantFrom(...CAUSES),
  confidence: fc.constantFrom('sure', 'likely'),
  figures,
});

const stall: fc.Arbitrary<Stall> = fc.record(
  {
    newestWorker: instant,
    unmetSince: instant,
    providers: fc.array(outside, { maxLength: 9 }),
    overall: fc.boolean(),
    watched: fc.nat(),
    unmet: fc.array(fc.record({ pool: outside, pending: fc.nat() }), { maxLength: 40 }),
    waiting: fc.nat(),
    errors: fc.nat(),
    commonError,
  },
  { requiredKeys: ['newestWorker', 'unmetSince', 'providers', 'overall', 'watched', 'unmet', 'waiting'] },
);

const poolEvidence: fc.Arbitrary<PoolEvidence> = fc
  .record({
    probe: outside,
    pool: outside,
    taskId: outside,
    since: instant,
    age: duration,
    claimed: fc.boolean(),
    warnAfter: duration,
    pageAfter: duration,
    lastClaim: fc.record({ at: instant, ms: duration }),
    usual: duration,
    good: fc.nat(5),
    resolveAfter: fc.nat(5),
    diagnosis: fc.option(diagnosis, { nil: undefined }),
  })
  .map(({ diagnosis, ...evidence }) => ({ kind: 'pool', ...evidence, ...(diagnosis && { diagnosis }) }));

const capacityEvidence: fc.Arbitrary<CapacityEvidence> = fc
  .record({ pool: outside, since: instant, diagnosis })
  .map((evidence) => ({ kind: 'capacity', ...evidence }));

const askEvidence: fc.Arbitrary<AskEvidence> = fc
  .record({ since: instant, detail: outside, probes: fc.array(outside, { maxLength: 20 }) })
  .map((evidence) => ({ kind: 'ask', ...evidence }));

const member: fc.Arbitrary<Member> = fc.record({
  probe: outside,
  pool: outside,
  level: fc.constantFrom('warn', 'page'),
  taskId: outside,
  since: instant,
  age: duration,
  claimed: fc.boolean(),
});

const fleetEvidence: fc.Arbitrary<FleetEvidence> = fc
  .record({
    since: instant,
    members: fc.array(member, { maxLength: 60 }),
    recovered: fc.nat(500),
    witnesses: fc.nat(500),
    common: fc.array(outside, { maxLength: 3 }),
    diagnosis: fc.option(diagnosis, { nil: undefined }),
    stall: fc.option(stall, { nil: undefined }),
  })
  .map(({ diagnosis, stall, ...evidence }) => ({
    kind: 'fleet',
    ...evidence,
    ...(diagnosis && { diagnosis }),
    ...(stall && { stall }),
  }));

const HAPPENINGS: Happening[] = [
  'opened',
  'escalated',
  'changed',
  'claimed',
  'promoted',
  'joined',
  'left',
  'reminder',
  'reopened',
  'flapping',
  'silenced',
  'unsilenced',
  'resolved',
  'withdrawn',
  'folded',
];

const entries: fc.Arbitrary<Entry> = fc.record({
  at: instant,
  what: fc.constantFrom(...HAPPENINGS),
  text: outside,
  loud: fc.boolean(),
});

export const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    deployment: outside,
    id: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 255 }),
    cause: fc.constantFrom(...CAUSES),
    level: fc.constantFrom('warn', 'page'),
    since: instant,
    opened: instant,
    end: fc.option(fc.constantFrom('resolved', 'withdrawn', 'folded'), { nil: undefined }),
    revision: fc.integer({ min: 1, max: 1000 }),
    evidence: fc.oneof(poolEvidence, fleetEvidence, capacityEvidence, askEvidence),
    timeline: fc.array(entries, { minLength: 1, maxLength: 40 }),
    silenced: fc.option(fc.record({ by: outside, until: instant, reason: outside }), { nil: undefined }),
    flappingSince: fc.option(instant, { nil: undefined }),
    runbook: fc.option(
      fc.webUrl({ withQueryParameters: true }).map((url) => url + '~'.repeat((url.length % 3) * 2_000)),
      {
        nil: undefined,
      },
    ),
    severity: fc.constantFrom('critical', 'error', 'warning', 'info'),
  })
  .map(({ deployment, severity, end, evidence, silenced, flappingSince, runbook, ...rest }) => {
    const anchor = evidence.kind === 'pool' ? (`probe:${evidence.probe}` as const) : (`ask:${rest.cause}` as const);
    const incident: Incident = {
      ...rest,
      anchor,
      class: evidence.kind === 'ask' ? 'cannot-ask' : 'pool',
      evidence,
      addressed: {},
      crossed: {},
      ...(end !== undefined && { end, ended: rest.opened + MINUTE }),
      ...(end === 'folded' && { into: 'x'.repeat(255) }),
      ...(silenced !== undefined && { silenced }),
      ...(flappingSince !== undefined && { flappingSince }),
      ...(runbook !== undefined && { runbook }),
    };
    return { deployment, rootUrl: ROOT, incident, manner: { severity } };
  });

/** A log whose lines a test can read. */
export function keptLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  const keep = (context: object, sentence: string) => void lines.push(`${JSON.stringify(context)} ${sentence}`);
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}
