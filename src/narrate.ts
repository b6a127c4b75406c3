import type { Change } from './evidence/change.ts';
import type { Fact } from './evidence/fact.ts';
import { spoken } from './evidence/instant.ts';
import type { State } from './evidence/state.ts';
import type { Log } from './ports.ts';

/** What a committed judgement did, for the log: one line for each thing an operator would look for. */
export function narrate(log: Log, before: State, changes: readonly Change[], facts: readonly Fact[]): void {
  const past = pastOf(facts);
  if (past.size > 0) log.info({ canaries: past.size }, 'read in the queue what the store has lost');
  for (const change of changes) {
    if (change.kind === 'incident') tellIncident(log, before, change.incident);
    if (change.kind === 'canary' && !past.has(change.canary.taskId)) tellCanary(log, change.canary);
    if (change.kind === 'probe') tellSubmitted(log, before, change.state);
  }
  tellFailures(log, before, facts);
}

/** Canaries of a past that was lost: each was told of when it ended. */
function pastOf(facts: readonly Fact[]): Set<string> {
  return new Set(facts.flatMap((fact) => (fact.kind === 'group' ? fact.tasks.map(({ status }) => status.taskId) : [])));
}

/** Each new line of its story; a change that brings none is nobody's business. */
function tellIncident(log: Log, before: State, incident: Extract<Change, { kind: 'incident' }>['incident']): void {
  const { id, cause, level, anchor, ended, timeline } = incident;
  const known = [before.incidents.get(anchor), before.ended.get(anchor)].find((one) => one?.id === id);
  for (const { what, text, loud } of timeline.slice(known?.timeline.length ?? 0)) {
    const quiet = ended !== undefined || !loud;
    // pino has a `level` of its own.
    log[quiet ? 'info' : 'warn']({ incident: id, anchor, cause, severity: level }, `incident ${what}: ${text}`);
  }
}

function tellCanary(log: Log, canary: Extract<Change, { kind: 'canary' }>['canary']): void {
  const { taskId, probe, stage, reason, start, scheduled, started } = canary;
  if (stage === 'claimed' && scheduled !== undefined && started !== undefined) {
    log.info({ probe, taskId, start, timeToClaim: (started - scheduled) / 1000 }, `claimed after ${spoken(started - scheduled)}`);
  } else if (reason === 'canceled') {
    log.info({ probe, taskId }, 'the canary was cancelled by somebody else; ignored, the next slot asks again');
  } else {
    log.warn({ probe, taskId, reason }, `the canary ended without an answer: ${reason}`);
  }
}

function tellSubmitted(log: Log, before: State, state: Extract<Change, { kind: 'probe' }>['state']): void {
  const { open } = state;
  const was = before.probes.get(state.name)?.open;
  if (open?.stage !== 'pending' || (was?.taskId === open.taskId && was.stage === 'pending')) return;
  log.debug({ probe: state.name, taskId: open.taskId, slot: open.slot }, 'canary pending');
}

/**
 * Many canaries fail alike while the queue is away: each kind of failure is said once a pass, and only the first time of an unbroken row
 * is it worth a warning.
 */
function tellFailures(log: Log, before: State, facts: readonly Fact[]): void {
  const seen = new Map<string, { fact: Failure; times: number }>();
  for (const fact of facts) {
    if (fact.kind !== 'failed') continue;
    const key = `${fact.ask} ${fact.why} ${fact.detail}`;
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { fact, times: 1 });
    else known.times++;
  }
  for (const { fact, times } of seen.values()) {
    const { ask, why, detail, taskId } = fact;
    log[isKnown(before, fact) ? 'debug' : 'warn']({ ask, why, detail, taskId, times }, `could not ${VERBS[ask]}: ${why}`);
  }
}

type Failure = Extract<Fact, { kind: 'failed' }>;

function isKnown(before: State, { ask, why, detail }: Failure): boolean {
  const { look, create, refused, clock } = before.watch.trouble;
  const trouble = why === 'refused' ? refused : why === 'clock' ? clock : ask === 'create' ? create : look;
  return trouble !== undefined && trouble.detail === detail;
}

const VERBS = {
  create: 'submit a canary',
  look: 'look at canaries',
  cancel: 'cancel a canary',
  read: 'read from worker-manager',
};
