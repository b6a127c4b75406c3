import type { Fact } from '../evidence/fact.ts';
import { HOUR, spoken } from '../evidence/instant.ts';
import type { Calls } from '../evidence/state.ts';
import type { Docket } from './docket.ts';
import { worseOf } from './findings.ts';

/** So many calls say how the queue fares; few say nothing. */
const ENOUGH = 20;
/** What was counted over so long is no longer about now. */
const STALE = HOUR;
/** From this share of failed calls on the queue is degraded, and below the other it is so no more. */
const FAILING = 1 / 2;
const WORKING = 1 / 4;
/** This share of the answered calls at least must be followed by one that fails. Failures that come and go make it half; an outage makes it one in all. */
const BY_TURNS = 1 / 3;
/** For this share of `unreachableAfter` at least failures must come and go: an outage may do so as it begins or ends. */
const MIXED_FOR = 1 / 2;

/** One call, of those that a verdict needs. */
interface Call {
  ask: Calls['up'][number];
  answered: boolean;
}

/**
 * Follows a queue that answers some calls and others not, which no unbroken row of failures shows. Counted from a failure on, in stretches of
 * `unreachableAfter`, longer where little is asked; while all is answered nothing is counted.
 */
export function followCalls(docket: Docket, facts: readonly Fact[]): void {
  const newest = facts.findLast((fact): fact is Failed => fact.kind === 'failed' && isUnanswered(fact));
  let calls = counted(docket);
  if (calls === undefined && newest !== undefined) calls = { ...NONE, since: docket.now, last: docket.now, up: [], detail: '' };
  if (calls !== undefined) {
    const { now } = docket;
    calls = callsIn(facts).reduce((so, call) => withCall(so, call, now), calls);
    if (newest !== undefined) calls = { ...calls, last: newest.at, detail: newest.detail };
  }
  if (calls !== docket.watch.calls) docket.putWatch({ calls });
}

const NONE = { failed: 0, answered: 0, turns: 0 };

type Failed = Extract<Fact, { kind: 'failed' }>;

function isUnanswered({ ask, why, untried }: Failed): boolean {
  return (ask === 'look' || ask === 'create') && why === 'unreachable' && untried === undefined;
}

/** In the order in which they were made; the looks of a pass are one call. */
function callsIn(facts: readonly Fact[]): Call[] {
  const looked = facts.some(({ kind }) => kind === 'status' || kind === 'absent' || kind === 'group');
  const vain = facts.flatMap((fact) => (fact.kind === 'failed' && isUnanswered(fact) ? [fact] : []));
  const blind = vain.some(({ ask }) => ask === 'look');
  const creates = facts.flatMap((fact): Call[] => {
    if (fact.kind === 'created') return [{ ask: 'create', answered: true }];
    return fact.kind === 'failed' && fact.ask === 'create' && isUnanswered(fact) ? [{ ask: 'create', answered: false }] : [];
  });
  return [
    ...(looked ? [{ ask: 'look' as const, answered: true }] : []),
    ...(blind ? [{ ask: 'look' as const, answered: false }] : []),
    ...creates,
  ];
}

function withCall(calls: Calls, { ask, answered }: Call, now: number): Calls {
  const wasUp = calls.up.includes(ask);
  if (answered) return { ...calls, answered: calls.answered + 1, up: wasUp ? calls.up : [...calls.up, ask] };
  const failed = { ...calls, failed: calls.failed + 1 };
  if (!wasUp) return failed;
  return { ...failed, turns: calls.turns + 1, turned: calls.turned ?? now, up: calls.up.filter((other) => other !== ask) };
}

/** What has been counted; where a stretch is over, what it shows. What becomes worse is told as that, and would begin anew after it. */
function counted(docket: Docket): Calls | undefined {
  const { config, now } = docket;
  const calls = docket.watch.calls?.degraded && worseOf(docket) ? withoutDegraded(docket.watch.calls) : docket.watch.calls;
  if (calls === undefined) return undefined;
  const { since, failed, answered, turns, turned = now, last, detail, up, degraded } = calls;
  const lasted = now - since;
  const over = lasted >= config.unreachableAfter && failed + answered >= ENOUGH;
  // A clock that was ahead when it began would have it last for long.
  if (!over && lasted >= 0 && lasted < STALE) return calls;
  const share = failed / (failed + answered);
  const anew: Calls = { ...NONE, since: now, last, detail, up };
  const mixed = turns >= BY_TURNS * answered && last - turned >= MIXED_FOR * config.unreachableAfter;
  if (over && mixed && share >= FAILING && now - last < config.unreachableAfter) {
    const said = `${failed} of ${failed + answered} calls in ${spoken(lasted)} got no answer: ${detail}`;
    return { ...anew, degraded: { since: degraded?.since ?? since, at: now, detail: said } };
  }
  // While every call fails that is an outage, and while hardly any is made nothing is known.
  return degraded === undefined || (over && share < WORKING) ? undefined : { ...anew, degraded };
}

function withoutDegraded({ degraded: _told, ...calls }: Calls): Calls {
  return calls;
}
