import type { Canary } from '../evidence/canary.ts';
import type { Fact } from '../evidence/fact.ts';
import { SECOND } from '../evidence/instant.ts';
import type { GroupTask } from '../evidence/reading.ts';
import type { ProbeState } from '../evidence/state.ts';
import { lose, sight } from './canaries.ts';
import { markExamined, takeInReading } from './causes/intake.ts';
import type { Docket } from './docket.ts';
import { CREATE_WINDOW } from './limits.ts';
import { markGone } from './rebuild/gone.ts';
import { giveUpDays } from './rebuild/refusals.ts';

/** A probe of which nothing is known yet; slots before `lastSlot` are none of its business. */
export function newProbeState(name: string, pool: string, lastSlot: number, knownSince: number): ProbeState {
  return { name, pool, lastSlot, knownSince, recent: [], claims: 0, good: 0, conflicts: 0 };
}

/** Takes in every fact about pools and canaries. Facts about canaries that are no longer in flight change nothing. */
export function takeIn(docket: Docket, facts: readonly Fact[]): void {
  for (const fact of facts) {
    if (fact.kind === 'read') takeInReading(docket, fact);
    else if (fact.kind === 'examined') markExamined(docket, fact.pools, fact.at);
  }
  const clashes = facts.filter((fact) => fact.kind === 'failed' && fact.ask === 'create' && fact.why === 'conflict');
  const conflicts = new Set(clashes.map((fact) => ('taskId' in fact && fact.taskId) || ''));
  // Days are read newest first, for those may hold a canary in flight, and taken in as they were lived.
  const days = facts.filter((fact) => fact.kind === 'group').sort((a, b) => a.day - b.day);
  for (const { day, tasks, at } of days) rebuild(docket, day, tasks, at);
  if (days.length > 0) markGone(docket);
  giveUpDays(docket, facts);
  // What the past tells of claims is no news.
  docket.claimsSeen.clear();
  for (const fact of facts) {
    if (fact.kind === 'absent') absent(docket, fact.taskId, fact.at);
    else if (fact.kind === 'status' || fact.kind === 'created' || fact.kind === 'cancelled') told(docket, fact, conflicts);
  }
  for (const taskId of conflicts) {
    const found = docket.inFlight(taskId);
    if (found?.canary.stage === 'due')
      lose(docket, { ...found.state, conflicts: found.state.conflicts + 1 }, found.canary, 'conflict');
  }
}

type Told = Extract<Fact, { kind: 'status' | 'created' | 'cancelled' }>;

function told(docket: Docket, fact: Told, conflicts: ReadonlySet<string>): void {
  const found = docket.inFlight(fact.taskId);
  if (found === undefined) return;
  const { canary } = found;
  const foreign = fact.status.taskQueueId !== canary.pool || fact.status.schedulerId !== canary.schedulerId;
  const clash = conflicts.has(canary.taskId);
  const state = { ...found.state, conflicts: fact.kind === 'created' ? 0 : found.state.conflicts + (clash ? 1 : 0) };
  const start = (fact.kind === 'status' && fact.start) || 'unknown';
  if (foreign) lose(docket, state, canary, 'conflict');
  else if (isSpent(state, canary, fact)) docket.putState(without(state));
  else {
    const created = fact.kind === 'status' && fact.workerCreated !== undefined ? { workerCreated: fact.workerCreated } : {};
    sight(docket, docket.probe(state.name), state, { canary, status: fact.status, at: fact.at, start, ...created });
  }
}

/**
 * A clock that runs ahead uses slots before their time, and they come again. One in flight at a time means that a new canary is scheduled after
 * all that is known of the one before: what was scheduled earlier is counted already.
 */
function isSpent({ lastEnd = 0 }: ProbeState, { stage }: Canary, { status }: Told): boolean {
  const [run] = status.runs;
  if (stage !== 'due' || run === undefined || run.state === 'pending') return false;
  return run.scheduled < lastEnd;
}

function without({ open: _open, ...rest }: ProbeState): ProbeState {
  return rest;
}

/** The queue's clock is known by the second, to each replica by itself. */
const BESIDE = 3 * SECOND;

/** Where it was asked about before, or beside, the newest evidence, that is of another replica's making: the task was not there yet. */
function absent(docket: Docket, taskId: string, asked: number): void {
  const found = docket.inFlight(taskId);
  if (found === undefined || asked <= (found.state.evidenceAt ?? 0) + BESIDE) return;
  if (found.canary.stage === 'pending') lose(docket, found.state, found.canary, 'vanished');
  else if (found.canary.slot < docket.now - CREATE_WINDOW) lose(docket, found.state, found.canary, 'never submitted');
}

/** What one day's task group tells, after the store was found empty: each task says in its tags whose canary it is. */
function rebuild(docket: Docket, day: number, tasks: GroupTask[], at: number): void {
  const left = docket.watch.recover ?? [];
  if (!left.includes(day)) return;
  docket.putWatch({ recover: left.filter((other) => other !== day) });
  const canaries = tasks
    .flatMap((task) => canaryOf(task, docket.config.deployment))
    .sort((a, b) => a.canary.slot - b.canary.slot);
  for (const { canary, status } of canaries) {
    const state = docket.states.get(canary.probe) ?? newProbeState(canary.probe, canary.pool, canary.slot, at);
    sight(docket, docket.probe(canary.probe), state, { canary, status, at, start: 'unknown' });
    const seen = docket.states.get(canary.probe);
    if (seen !== undefined)
      docket.putState(
        canary.slot < state.lastSlot ? past(seen, state) : { ...seen, lastSlot: Math.max(seen.lastSlot, canary.slot) },
      );
  }
}

/** What an older day tells adds to the history, and changes nothing of what is known of the present. */
function past(seen: ProbeState, before: ProbeState): ProbeState {
  const { open: _open, chain: _chain, extra: _extra, ...history } = seen;
  const { open, chain, extra } = before;
  return { ...history, good: before.good, ...(open && { open }), ...(chain && { chain }), ...(extra !== undefined && { extra }) };
}

export function canaryOf({ status, tags }: GroupTask, deployment: string): { canary: Canary; status: GroupTask['status'] }[] {
  const probe = tags['tc-canary-probe'];
  const slot = Number(tags['tc-canary-slot']);
  if (tags['tc-canary-deployment'] !== deployment || probe === undefined || !Number.isSafeInteger(slot)) return [];
  const { taskId, taskQueueId: pool, schedulerId, taskGroupId, deadline } = status;
  return [{ canary: { taskId, probe, pool, slot, schedulerId, taskGroupId, deadline, stage: 'due' }, status }];
}
