import type { Fact } from '../evidence/fact.ts';
import { HOUR, spoken } from '../evidence/instant.ts';
import type { AskedOften, Calls } from '../evidence/state.ts';
import type { Docket } from './docket.ts';
import { worseOf } from './findings.ts';

/** So many calls say how the queue fares; few say nothing. */
const ENOUGH = 20;
/** What was counted over so long is no longer about now. */
const STALE = HOUR;
/** From this share of failed calls on the queue is degraded, and below the other it is so no more. */
const FAILING = 1 / 2;
const WORKING = 1 / 4;
/** Or once so many were answered in a row, and none failed for `unreachableAfter`: few may be made. */
const WELL = 3;
/** This share of the answered calls at least must be followed by one that fails. Failures that come and go make it half; an outage makes it one in all. */
const BY_TURNS = 1 / 3;
/** For this share of `unreachableAfter` at least failures must come and go: an outage may do so as it begins or ends. */
const MIXED_FOR = 1 / 2;

const KINDS: readonly AskedOften[] = ['look', 'create'];

/**
 * Follows a queue that answers some calls of a kind and others not, which no unbroken row of failures shows. Counted from a failure on, in
 * stretches of `unreachableAfter`, longer where little is asked; while all is answered nothing is counted. To be told before the pass is.
 */
export function followCalls(docket: Docket, facts: readonly Fact[]): void {
  const { now } = docket;
  const before = docket.watch.calls ?? {};
  const after: Partial<Record<AskedOften, Calls>> = {};
  for (const kind of KINDS) {
    const asked = kind === 'look' ? looksIn(facts) : firstCreatesIn(docket, facts);
    const failed = asked.find((call) => call !== 'answered');
    let calls = counted(docket, kind, before[kind]);
    if (calls === undefined && failed !== undefined) calls = { ...NONE, since: now, last: now, row: 0, detail: failed.detail };
    if (calls !== undefined) after[kind] = asked.reduce<Calls>((so, call) => withCall(so, call, now), calls);
  }
  if (KINDS.every((kind) => after[kind] === before[kind])) return;
  docket.putWatch({ calls: after });
}

const NONE = { failed: 0, answered: 0, turns: 0 };

/** What became of a call. */
type Call = 'answered' | { detail: string };

function unanswered(fact: Fact, ask: AskedOften): Call[] {
  const vain = fact.kind === 'failed' && fact.ask === ask && fact.why === 'unreachable' && fact.untried === undefined;
  return vain ? [{ detail: fact.detail }] : [];
}

/** All looks of a pass are one call; where a create got no answer there is another. */
function looksIn(facts: readonly Fact[]): Call[] {
  const looked = facts.some(({ kind }) => kind === 'status' || kind === 'absent' || kind === 'group');
  return [...(looked ? ['answered' as const] : []), ...facts.flatMap((fact) => unanswered(fact, 'look')).slice(0, 1)];
}

/** The first of each canary, in the order in which they were made: a single one that is tried again and again would outweigh all others. */
function firstCreatesIn(docket: Docket, facts: readonly Fact[]): Call[] {
  const { triedAt = Number.NEGATIVE_INFINITY } = docket.watch;
  return facts.flatMap((fact): Call[] => {
    if (!('taskId' in fact) || fact.taskId === undefined || (docket.inFlight(fact.taskId)?.canary.slot ?? triedAt) <= triedAt)
      return [];
    return fact.kind === 'created' ? ['answered'] : unanswered(fact, 'create');
  });
}

function withCall(calls: Calls, call: Call, now: number): Calls {
  if (call === 'answered') return { ...calls, answered: calls.answered + 1, row: calls.row + 1 };
  const failed = { ...calls, failed: calls.failed + 1, last: now, detail: call.detail, row: 0 };
  return calls.row > 0 ? { ...failed, turns: calls.turns + 1, turned: calls.turned ?? now } : failed;
}

/** What has been counted; where a stretch is over, what it shows. What becomes worse is told as that, and would begin anew after it. */
function counted(docket: Docket, kind: AskedOften, known: Calls | undefined): Calls | undefined {
  const { config, now } = docket;
  const calls = known?.degraded !== undefined && worseOf(docket) !== undefined ? withoutDegraded(known) : known;
  if (calls === undefined) return undefined;
  const { since, failed, answered, turns, turned = now, last, detail, row, degraded } = calls;
  if (now - last >= config.unreachableAfter && row >= WELL) return undefined;
  const lasted = now - since;
  const over = lasted >= config.unreachableAfter && failed + answered >= ENOUGH;
  // A clock that was ahead when it began would have it last for long.
  if (!over && lasted >= 0 && lasted < STALE) return calls;
  const share = failed / (failed + answered);
  const anew: Calls = { ...NONE, since: now, last, detail, row };
  const mixed = turns >= BY_TURNS * answered && last - turned >= MIXED_FOR * config.unreachableAfter;
  if (over && mixed && share >= FAILING && now - last < config.unreachableAfter) {
    const what = kind === 'look' ? 'looks at canaries' : 'canaries sent';
    const said = `${failed} of ${failed + answered} ${what} in ${spoken(lasted)} got no answer: ${detail}`;
    return { ...anew, degraded: { since: degraded?.since ?? since, at: now, detail: said } };
  }
  // While every call fails that is an outage, and while hardly any is made nothing is known.
  return degraded === undefined || (over && share < WORKING) ? undefined : { ...anew, degraded };
}

function withoutDegraded({ degraded: _told, ...calls }: Calls): Calls {
  return calls;
}
