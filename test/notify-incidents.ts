import fc from 'fast-check';
import type { Message } from '../src/evidence/delivery.ts';
import type { AskEvidence, Cause, Entry, Incident, PoolEvidence } from '../src/evidence/incident.ts';
import { instantOf, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Log } from '../src/ports.ts';

export const NIGHT = instantOf('2021-10-08T23:00:00Z');
export const ROOT = 'https://tc.example.com';
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
  };
}

export function messageOf(incident: Incident): Message {
  return { deployment: 'firefox-ci', rootUrl: ROOT, incident };
}

export const CAUSES: Cause[] = [
  'queue-unreachable',
  'cannot-submit',
  'access-refused',
  'clock-off',
  'name-conflict',
  'no-evidence',
  'pool-unknown',
  'unexplained',
];

/** Text as it comes from outside: any code units, markup, mentions, emoji, and now and then far too much of it. */
const outside = fc.oneof(
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
    pending: fc.nat(),
    good: fc.nat(5),
    resolveAfter: fc.nat(5),
  })
  .map((evidence) => ({ kind: 'pool', ...evidence }));

const askEvidence: fc.Arbitrary<AskEvidence> = fc
  .record({ since: instant, detail: outside, probes: fc.array(outside, { maxLength: 20 }) })
  .map((evidence) => ({ kind: 'ask', ...evidence }));

const entries: fc.Arbitrary<Entry> = fc.record({
  at: instant,
  what: fc.constantFrom('opened', 'escalated', 'claimed', 'resolved', 'withdrawn'),
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
    end: fc.option(fc.constantFrom('resolved', 'withdrawn'), { nil: undefined }),
    revision: fc.integer({ min: 1, max: 1000 }),
    evidence: fc.oneof(poolEvidence, askEvidence),
    timeline: fc.array(entries, { minLength: 1, maxLength: 40 }),
  })
  .map(({ deployment, end, evidence, ...rest }) => {
    const anchor = evidence.kind === 'pool' ? (`probe:${evidence.probe}` as const) : (`ask:${rest.cause}` as const);
    const incident: Incident = {
      ...rest,
      anchor,
      class: evidence.kind === 'pool' ? 'pool' : 'cannot-ask',
      evidence,
      ...(end !== undefined && { end, ended: rest.opened + MINUTE }),
    };
    return { deployment, rootUrl: ROOT, incident };
  });

/** A log whose lines a test can read. */
export function keptLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  const keep = (context: object, sentence: string) => void lines.push(`${JSON.stringify(context)} ${sentence}`);
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}
