import type { Confidence, Diagnosis, PoolFigures } from '../../evidence/diagnosis.ts';
import type { Cause } from '../../evidence/incident.ts';
import { HOUR, MINUTE } from '../../evidence/instant.ts';
import { NEWBORN, YOUNG_WORKER } from '../limits.ts';

/** What besides the figures is known of a pool whose canary nobody claims. */
export interface Context {
  /** How many samples in a row showed far more capacity than allowed. */
  over: number;
  /** Since how long each look has shown demand that nothing on its way would meet; absent where there is none. Milliseconds. */
  unmetFor?: number;
  /** Since how long each look has shown workers that have no task while some wait; absent where the last showed none. Milliseconds. */
  idleFor?: number;
  /** The same of half of the workers at least. */
  mostIdleFor?: number;
  /** How long ago a task was last seen to have been claimed; absent where none was. Milliseconds. */
  movedFor?: number;
  /** Worker-manager was asked and knows no such pool: its workers stand there, and it cannot grow. */
  hardware?: boolean;
  /** Worker-manager told of the pool's workers before, and does no more. */
  unread?: boolean;
  /** How long worker-manager lets a worker take to register. Milliseconds. */
  registrationTimeout?: number;
}

/** Where half of the workers have had no task for so long while some waited, those that claim do not unsay that these do not. */
const MUTE = 5 * MINUTE;

type Judgement = Confidence | undefined;
type Rule = (figures: PoolFigures, context: Context) => Judgement;

/** The causes of a pool's trouble and what shows each, most specific first. */
const RULES: [Cause, Rule][] = [
  ['over-provisioned', overProvisioned],
  ['provisioning-errors', provisioningErrors],
  ['boot-stalled', bootsFail],
  ['boot-stalled', bootStalled],
  ['workers-not-claiming', workersNotClaiming],
  ['not-provisioned', notProvisioned],
  ['at-capacity', atCapacity],
  ['backlog', backlog],
];

/** The first cause that the figures show. */
export function diagnose(figures: PoolFigures, context: Context): Diagnosis {
  for (const [cause, rule] of RULES) {
    const confidence = rule(figures, context);
    if (confidence !== undefined) return { cause, confidence, figures };
  }
  return { cause: 'unexplained', confidence: 'likely', figures };
}

/** Samples in a row that must show far too much capacity. */
const OVER_SAMPLES = 2;

/** After somebody lowered the maximum, workers with nothing to do will stop, and busy ones once they are done. */
function overProvisioned({ claims, claimed, pending, running }: PoolFigures, { over }: Context): Judgement {
  if (over < OVER_SAMPLES || claims === 'move' || pending === 0 || running === undefined) return undefined;
  const idle = claimed === undefined || claimed < running / 2;
  return claimed === 0 || (claims === 'stand' && idle) ? 'sure' : undefined;
}

/** So many errors in an hour, and so many times the usual, are a rise; some pools always have a few. */
const ERRORS_AT_LEAST = 3;
const ERRORS_RISE = 3;

export function errorsRose({ errors, usualErrors = 0 }: Pick<PoolFigures, 'errors' | 'usualErrors'>): boolean {
  return errors !== undefined && errors >= ERRORS_AT_LEAST && errors >= ERRORS_RISE * usualErrors;
}

/** Where workers came all the same they may not be the reason, and are not where tasks are claimed, or workers have long had none. */
function provisioningErrors(figures: PoolFigures, { mostIdleFor = 0 }: Context): Judgement {
  if (!errorsRose(figures) || mostIdleFor >= MUTE) return undefined;
  const { newestWorker = Number.POSITIVE_INFINITY, created = 0, errors = 0, claims } = figures;
  if (newestWorker > 5 * MINUTE || created < errors) return 'sure';
  return claims === 'move' ? undefined : 'likely';
}

/**
 * Workers come, and are gone soon although tasks have waited since before they came. Where each is made for one task, tasks are claimed as
 * fast as workers go.
 */
function bootsFail(figures: PoolFigures): Judgement {
  const { youngGone, oldestPending = 0, claims, claimRate = 0 } = figures;
  if (youngGone === undefined || oldestPending < YOUNG_WORKER) return undefined;
  const goneRate = youngGone / ((YOUNG_WORKER - NEWBORN) / HOUR);
  return claims === 'move' && claimRate > goneRate / 4 ? undefined : 'sure';
}

/** Where no boot was seen yet and worker-manager sets no limit: longer than a Windows pool's at FirefoxCI usually take. */
const BOOT_AT_MOST = 30 * MINUTE;

/** One that hangs keeps its pool from growing, which a full pool does not anyway. */
function bootStalled(figures: PoolFigures, { registrationTimeout }: Context): Judgement {
  const { oldestRequested, usualBoot, running = 0, claimed, claims } = figures;
  if (oldestRequested === undefined || (claims === 'move' && isFull(figures))) return undefined;
  const limit = usualBoot === undefined ? (registrationTimeout ?? BOOT_AT_MOST) : usualBoot + Math.max(MINUTE, usualBoot / 4);
  if (oldestRequested <= limit) return undefined;
  // Workers that are free would claim whatever boots; then the one that hangs is not what keeps tasks waiting.
  const free = running - (claimed ?? running);
  return free > 0 ? undefined : usualBoot === undefined ? 'likely' : 'sure';
}

/** A worker this young may just not have asked for work yet. */
const YOUNG = 2 * MINUTE;

function workersNotClaiming(
  { running, claimed, pending, claims, newestWorker, workers, quarantined }: PoolFigures,
  { idleFor = 0, mostIdleFor = 0 }: Context,
): Judgement {
  const there = running ?? workers ?? 0;
  if (pending === 0 || there === 0) return undefined;
  if (mostIdleFor >= MUTE) return 'sure';
  if (claims === 'move') return undefined;
  if (workers !== undefined && quarantined !== undefined && workers > 0 && quarantined >= workers) return 'sure';
  const free = claimed === undefined ? undefined : there - claimed;
  const young = newestWorker !== undefined && newestWorker < YOUNG;
  if ((free !== undefined && free <= 0) || (young && (free ?? 1) <= 1)) return undefined;
  // One of several may be between two tasks as it is looked at.
  if (claimed !== undefined && claimed > 0 && idleFor === 0) return undefined;
  if (claims === 'stand' && free !== undefined && !young) return 'sure';
  return claimed === 0 || claims === 'stand' ? 'likely' : undefined;
}

/** The provisioner goes its round each half minute or so: nothing requested for one of them is nothing yet. */
const ROUNDS = 2 * MINUTE;
/** While tasks are claimed, a busy provisioner may be late without being the reason that ours waits. */
const ROUNDS_OF_QUEUE = 5 * MINUTE;

function notProvisioned({ requested, errors, newestWorker, claims }: PoolFigures, { unmetFor }: Context): Judgement {
  if (unmetFor === undefined || requested !== 0) return undefined;
  const rounds = claims === 'move' ? ROUNDS_OF_QUEUE : ROUNDS;
  if (newestWorker !== undefined && newestWorker < rounds) return undefined;
  if (unmetFor < rounds) return claims === 'move' ? undefined : 'likely';
  return errors === undefined ? 'likely' : 'sure';
}

/** Of its maximum so much is in use. */
const FULL = 0.95;

function isFull({ requested = 0, running, maxCapacity }: PoolFigures): boolean {
  return running !== undefined && maxCapacity !== undefined && requested + running >= FULL * maxCapacity;
}

/** Workers that are all busy may take so long to their next task; a pool in which nothing ends for longer may hang. */
const LONG_TASKS = HOUR;

/** Where all workers are at long tasks no claim may be seen for a while. */
function atCapacity(
  figures: PoolFigures,
  { hardware = false, movedFor = Number.POSITIVE_INFINITY, idleFor = 0 }: Context,
): Judgement {
  const { running = 0, workers, claimed, pending, claims, maxCapacity } = figures;
  if (pending === undefined || pending === 0) return undefined;
  // Whoever waits there waits for good, unless one of the last workers takes it: that is no queue to be proved.
  if (maxCapacity === 0) return 'likely';
  const full = isFull(figures);
  if (claims === 'move' && full) return 'sure';
  const there = hardware ? workers : full ? running : undefined;
  if (there === undefined || claimed === undefined) return undefined;
  const between = claimed > 0 && idleFor === 0 && movedFor <= LONG_TASKS;
  if (claimed < FULL * there && !between) return undefined;
  return claims === 'move' || movedFor <= LONG_TASKS ? 'sure' : 'likely';
}

/** Where nobody can tell whether workers come, those that still claim may be the last. */
function backlog({ pending, claims }: PoolFigures, { unread = false }: Context): Judgement {
  if (claims !== 'move' || pending === undefined || pending <= 1) return undefined;
  return unread ? 'likely' : 'sure';
}
