import type { Fact } from '../evidence/fact.ts';
import { spoken } from '../evidence/instant.ts';
import type { Calls } from '../evidence/state.ts';
import type { Docket } from './docket.ts';

/** So often in one stretch a call must fail that was answered the last time: an outage, its begin and its end show no more than one. */
const TURNS = 2;
/** From this share of failed calls on the queue is degraded, and below the other it is so no more. */
const FAILING = 1 / 2;
const WORKING = 1 / 4;

/** How one pass fared with one kind of call. */
interface Fared {
  ask: Calls['up'][number];
  failed: number;
  answered: number;
}

/**
 * Follows a queue that answers some calls and others not, which no unbroken row of failures shows. Counted from a failure on, in stretches of
 * `unreachableAfter`; while all is answered nothing is counted.
 */
export function followCalls(docket: Docket, facts: readonly Fact[]): void {
  const known = counted(docket);
  const unanswered = facts.flatMap((fact) => (fact.kind === 'failed' && isUnanswered(fact) ? [fact] : []));
  const newest = unanswered.at(-1);
  let calls = known;
  if (calls === undefined && newest !== undefined) calls = { ...NONE, since: docket.now, last: docket.now, up: [], detail: '' };
  if (calls !== undefined) {
    for (const fared of faredIn(facts, unanswered)) calls = withCalls(calls, fared);
    if (newest !== undefined) calls = { ...calls, last: newest.at, detail: newest.detail };
  }
  if (calls !== docket.watch.calls) docket.putWatch({ calls });
}

const NONE = { failed: 0, answered: 0, turns: 0 };

type Failed = Extract<Fact, { kind: 'failed' }>;

function isUnanswered({ ask, why, untried }: Failed): boolean {
  return (ask === 'look' || ask === 'create') && why === 'unreachable' && untried === undefined;
}

/** All looks of a pass are one call. */
function faredIn(facts: readonly Fact[], unanswered: readonly Failed[]): Fared[] {
  const looked = facts.some(({ kind }) => kind === 'status' || kind === 'absent' || kind === 'group');
  const blind = unanswered.some(({ ask }) => ask === 'look');
  const created = facts.filter(({ kind }) => kind === 'created').length;
  const vain = unanswered.filter(({ ask }) => ask === 'create').length;
  return [
    { ask: 'look', failed: blind ? 1 : 0, answered: looked ? 1 : 0 },
    { ask: 'create', failed: vain, answered: created },
  ];
}

function withCalls(calls: Calls, { ask, failed, answered }: Fared): Calls {
  if (failed + answered === 0) return calls;
  const wasUp = calls.up.includes(ask);
  const others = calls.up.filter((other) => other !== ask);
  return {
    ...calls,
    failed: calls.failed + failed,
    answered: calls.answered + answered,
    turns: calls.turns + (failed > 0 && (wasUp || answered > 0) ? 1 : 0),
    up: failed > 0 ? others : [...others, ask],
  };
}

/** What has been counted; where a stretch is over, what it shows. */
function counted({ config, now, watch }: Docket): Calls | undefined {
  const { calls } = watch;
  const limit = config.unreachableAfter;
  // A clock that was ahead when it began would have it last for long.
  if (calls === undefined || (calls.since <= now && now - calls.since < limit)) return calls;
  const { since, failed, answered, turns, last, detail, up, degraded } = calls;
  const share = failed / (failed + answered);
  const anew: Calls = { ...NONE, since: now, last, detail, up };
  if (share >= FAILING && turns >= TURNS && now - last < limit) {
    const said = `${failed} of ${failed + answered} calls in ${spoken(now - since)} got no answer: ${detail}`;
    return { ...anew, degraded: { since: degraded?.since ?? since, at: now, detail: said } };
  }
  // While every call fails that is an outage, and while none is made nothing is known.
  return degraded === undefined || share < WORKING ? undefined : { ...anew, degraded };
}
