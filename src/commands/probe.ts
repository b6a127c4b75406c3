import { Asker, cancel, create, look } from '../asking.ts';
import type { DueCanary, Fact, Refusal } from '../evidence/fact.ts';
import { MINUTE, SECOND } from '../evidence/instant.ts';
import type { PayloadKind, Priority, TaskStatus } from '../evidence/task.ts';
import { EXIT, type ExitCode, type Io } from '../io.ts';
import { byHand } from '../taskcluster/definition.ts';
import { jsonText } from '../views/json.ts';
import { type ProbedPool, probeJson } from '../views/probed.ts';
import { type ProbeView, probeView } from '../views/terminal/probe.ts';
import { connect, rootUrlFrom } from './connect.ts';
import { checkPools } from './pools.ts';
import { withRemedy } from './remedy.ts';

export interface ProbeOptions {
  /** How long a claim may take, in milliseconds. */
  timeout: number;
  json: boolean;
  payload: 'auto' | PayloadKind;
  priority: Priority;
  /** Leave the canaries in the queue instead of cancelling what has not ended. */
  keep: boolean;
}

/** How long to wait for one answer of Taskcluster: as long as its own client does. */
const ANSWER_WITHIN = 30 * SECOND;
/** Failures after which the queue cannot have the task: the request did not get to it. */
const NEVER_SENT = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|not tried/;
/** How long to watch a claimed canary run; its payload allows itself a minute. */
const RUN_FOR = 2 * MINUTE;
/** How much longer than the timeout the task lives, should nobody be left to cancel it. */
const DEADLINE_SLACK = 5 * MINUTE;

/** Submits a canary to each pool and answers when they are claimed, or when the time is up. Needs neither probe file nor store. */
export async function probe(pools: string[], options: ProbeOptions, io: Io): Promise<ExitCode> {
  const rootUrl = rootUrlFrom(io.env);
  checkPools(pools);
  const asker = new Asker({ clock: io.clock, taskcluster: connect(rootUrl, io.env, io.clock, ANSWER_WITHIN) });
  const view = options.json ? SILENT : probeView(rootUrl, io);
  const advise = (why: Refusal, detail: string) => withRemedy(why, detail, rootUrl, io.env);
  const probed = [...new Set(pools)].map((pool): ProbedPool => ({ pool, stage: 'asking' }));
  try {
    await submit(asker, probed, options, advise);
    view.show(probed, asker.now);
    await follow(asker, probed, options, io, advise, () => view.show(probed, asker.now));
  } finally {
    if (!options.keep) await clearUp(asker, probed);
  }
  for (const one of probed) {
    if (one.started !== undefined && one.scheduled !== undefined) one.late = one.started - one.scheduled > options.timeout;
  }
  if (options.json) io.stdout.write(jsonText(probeJson(probed, rootUrl)));
  else view.end(probed, asker.now, io.stop.aborted);
  return io.stop.aborted ? EXIT.interrupted : exitCodeOf(probed);
}

const SILENT: ProbeView = { show() {}, end() {} };

type Advise = (why: Refusal, detail: string) => string;

async function submit(asker: Asker, probed: ProbedPool[], options: ProbeOptions, advise: Advise): Promise<void> {
  await Promise.all(probed.map((one) => choosePayload(asker, one, options, advise)));
  const canaries = probed.flatMap((one): DueCanary[] => {
    if (one.payload === undefined) return [];
    const canary = byHand(one.pool, asker.now, options.timeout + DEADLINE_SLACK, options.priority, one.payload);
    one.taskId = canary.taskId;
    return [canary];
  });
  takeIn(probed, await create(asker, canaries, Number.POSITIVE_INFINITY), advise);
}

async function choosePayload(asker: Asker, one: ProbedPool, { payload }: ProbeOptions, advise: Advise): Promise<void> {
  if (payload !== 'auto') one.payload = payload;
  else if (one.pool.startsWith('built-in/')) one.payload = 'empty';
  else {
    const answer = await asker.ask(() => asker.ports.taskcluster.read({ what: 'pool', pool: one.pool }));
    if (answer.ok && answer.value.info.payload !== undefined) {
      one.payload = answer.value.info.payload;
      return;
    }
    const unknown = answer.ok || answer.why === 'missing';
    one.stage = unknown ? 'refused' : 'unasked';
    one.problem = unknown
      ? `worker-manager ${answer.ok ? 'does not tell what its workers run' : 'does not know this pool'}; name a payload with --payload, or correct the pool`
      : `${advise(answer.why, answer.detail)}${answer.why === 'refused' ? ', or name a payload with --payload' : ''}`;
  }
}

function takeIn(probed: ProbedPool[], facts: readonly Fact[], advise: Advise): void {
  for (const fact of facts) {
    const one = 'taskId' in fact ? probed.find((other) => other.taskId !== undefined && other.taskId === fact.taskId) : undefined;
    if (one === undefined) continue;
    if (fact.kind === 'failed') fail(one, fact, advise);
    else if (fact.kind === 'absent') missed(one);
    else if (fact.kind === 'status' || fact.kind === 'created' || fact.kind === 'cancelled')
      progress(one, fact.status, fact.kind === 'status' ? fact.start : undefined);
  }
}

function fail(one: ProbedPool, fact: Extract<Fact, { kind: 'failed' }>, advise: Advise): void {
  if (fact.ask === 'create') {
    one.stage = fact.why === 'invalid' ? 'refused' : 'unasked';
    one.doubtful = fact.why === 'unreachable' && !NEVER_SENT.test(fact.detail);
  } else if (one.stage === 'pending' || one.stage === 'claimed') one.blind = true;
  else return;
  one.problem = advise(fact.why, fact.detail);
}

/** The queue has no such task; only one that had been there is gone. */
function missed(one: ProbedPool): void {
  one.doubtful = false;
  if (one.stage === 'pending' || one.stage === 'claimed') {
    one.stage = 'ended';
    one.problem = 'the task vanished from the queue';
  }
}

function progress(one: ProbedPool, status: TaskStatus, start: ProbedPool['start']): void {
  const run = status.runs[0];
  if (run === undefined) return;
  one.blind = false;
  one.doubtful = false;
  delete one.problem;
  one.scheduled = run.scheduled;
  if (run.started !== undefined) {
    one.started = run.started;
    if (start !== undefined && start !== 'unknown') one.start = start;
    if (run.workerGroup !== undefined && run.workerId !== undefined) one.worker = `${run.workerGroup}/${run.workerId}`;
  }
  if (run.resolved !== undefined) {
    one.resolved = run.resolved;
    one.outcome = run.reasonResolved ?? status.state;
  }
  one.stage = run.resolved !== undefined ? 'ended' : run.started !== undefined ? 'claimed' : 'pending';
}

async function follow(
  asker: Asker,
  probed: ProbedPool[],
  options: ProbeOptions,
  io: Io,
  advise: Advise,
  show: () => void,
): Promise<void> {
  const began = io.clock.now();
  for (;;) {
    const age = io.clock.now() - began;
    const open = probed.filter((one) => one.stage === 'pending' || one.stage === 'claimed');
    const waiting = open.filter((one) => (one.started === undefined ? age < options.timeout : asker.now - one.started < RUN_FOR));
    if (waiting.length === 0 || io.stop.aborted) return;
    const pause = Math.min(
      5 * SECOND,
      Math.max(SECOND, age / 20),
      Math.max(1, age < options.timeout ? options.timeout - age : 5 * SECOND),
    );
    const next = io.clock.now() + pause;
    while (io.clock.now() < next && !io.stop.aborted) {
      await io.clock.sleepUntil(Math.min(next, io.clock.now() + SECOND), io.stop);
      show();
    }
    if (io.stop.aborted) return;
    takeIn(
      probed,
      await look(
        asker,
        open.map((one) => one.taskId ?? ''),
        true,
      ),
      advise,
    );
    show();
  }
}

/** Whatever ended the command, nothing of ours stays behind. A create whose answer was lost may have left a task too. */
async function clearUp(asker: Asker, probed: ProbedPool[]): Promise<void> {
  const left = probed.filter(
    (one) => one.taskId !== undefined && (one.stage === 'pending' || one.stage === 'claimed' || one.doubtful === true),
  );
  const facts = await cancel(
    asker,
    left.map((one) => one.taskId ?? ''),
  );
  for (const fact of facts) {
    const one = left.find((other) => 'taskId' in fact && other.taskId === fact.taskId);
    if (one === undefined) continue;
    if (fact.kind === 'cancelled') cancelled(one, fact.status);
    else if (fact.kind === 'failed' && fact.why !== 'missing') one.leftBehind = fact.detail;
  }
}

/** The queue's last word on it: a worker may have claimed it since we last looked. Of a create that went wrong it says no more. */
function cancelled(one: ProbedPool, status: TaskStatus): void {
  if (one.stage === 'unasked') one.doubtful = false;
  else progress(one, status, undefined);
  one.cancelled = status.runs[0]?.reasonResolved === 'canceled';
}

function exitCodeOf(probed: readonly ProbedPool[]): ExitCode {
  if (probed.some((one) => one.stage === 'refused')) return EXIT.usage;
  if (probed.some((one) => one.started === undefined && (one.stage === 'unasked' || one.blind === true))) return EXIT.couldNotAsk;
  return probed.every((one) => one.started !== undefined && one.late !== true) ? EXIT.ok : EXIT.no;
}
