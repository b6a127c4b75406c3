import type { Confidence, Diagnosis, PoolFigures } from '../../evidence/diagnosis.ts';
import { spoken } from '../../evidence/instant.ts';
import { amount, counted } from './count.ts';
import * as say from './figures.ts';
import { type PoolCause, poolCause } from './pool-cause.ts';
import { unexplained } from './unexplained.ts';

/** What is wrong with a pool, for a headline and so without figures; without a known cause the canary speaks for itself. */
const TROUBLES: Record<Exclude<PoolCause, 'unexplained'>, string> = {
  'provisioning-stalled': 'no workers are being created',
  'provisioning-errors': 'workers cannot be created',
  'provisioning-slow': 'workers are created far too slowly',
  'boot-stalled': 'a requested worker does not come up',
  'workers-not-claiming': 'workers run, and claim nothing',
  'not-provisioned': 'no worker is requested for the tasks that wait',
  'over-provisioned': 'more workers than allowed, and they claim nothing',
  'at-capacity': 'all its workers are busy, and tasks queue',
  backlog: 'tasks queue, and are being claimed',
};

/** For a headline; undefined where no cause is known. */
export function troubleOf({ cause, confidence, figures }: Diagnosis): string | undefined {
  const known = poolCause(cause);
  if (known === 'unexplained') return undefined;
  if (known === 'workers-not-claiming' && isUnwatched(figures)) return 'no worker claims what waits';
  if (known === 'workers-not-claiming' && areSome(figures)) return 'workers run, and many claim nothing';
  if (known === 'boot-stalled' && areGone(figures)) return 'workers are created, and are gone again at once';
  if (isClosed(known, figures)) return 'its maximum capacity is 0';
  return isBlind(known, confidence) ? 'tasks wait, and worker-manager does not tell whether workers come' : TROUBLES[known];
}

/** It may have no workers at all. */
function isClosed(cause: PoolCause, { maxCapacity }: PoolFigures): boolean {
  return cause === 'at-capacity' && maxCapacity === 0;
}

/** Worker-manager does not tell that workers run, as of hardware: those that the queue has heard of may be switched off by now. */
export function isUnwatched({ running }: PoolFigures): boolean {
  return running === undefined;
}

/** Most of the youngest workers are gone already, whatever else is still to come up. */
export function areGone({ youngGone }: PoolFigures): boolean {
  return youngGone !== undefined;
}

/** Others claim meanwhile. */
function areSome({ claims }: PoolFigures): boolean {
  return claims === 'move';
}

/** Tasks are claimed, perhaps by the last workers: whoever is paged for that must not read of a mere queue. */
export function isBlind(cause: PoolCause, confidence: Confidence): boolean {
  return cause === 'backlog' && confidence === 'likely';
}

/** What it comes down to, and the figures that prove it. */
interface Proof {
  gist: (figures: PoolFigures) => string;
  figures: say.Phrase[];
}

const PROOFS: Record<PoolCause, Proof> = {
  'provisioning-stalled': {
    gist: () => 'no workers are being created, although tasks wait and the maximum is not reached',
    figures: [say.waiting, say.newest, say.capacity, say.errors],
  },
  'provisioning-errors': {
    gist: ({ provider }) => `creating workers fails${at(provider)}`,
    figures: [say.errors, say.waiting, say.created, say.newest],
  },
  'provisioning-slow': {
    gist: () => 'workers are created far more slowly than usual',
    figures: [say.created, say.waiting, say.errors],
  },
  'boot-stalled': {
    gist: (figures) => (areGone(figures) ? shortLives(figures) : slowBoot(figures)),
    figures: [say.waiting, say.capacity, say.errors],
  },
  'workers-not-claiming': {
    gist: notClaiming,
    figures: [say.crew, say.waiting, say.capacity, say.claims],
  },
  'not-provisioned': {
    gist: ({ provider }) =>
      `the provisioner requests no worker${at(provider)}, although tasks wait and the maximum is not reached`,
    figures: [launchConfigs, say.waiting, say.capacity, say.errors, say.newest],
  },
  'over-provisioned': {
    gist: overfull,
    figures: [say.waiting, say.created, say.claims],
  },
  'at-capacity': {
    gist: ({ maxCapacity }) =>
      `a queue, not a break, with all its workers busy${maxCapacity === undefined ? '' : ' and the maximum reached'}`,
    figures: [inUse, say.waiting, say.claims, say.through],
  },
  backlog: {
    gist: () => 'a queue, not a break, for tasks are being claimed and others come before ours',
    figures: [say.waiting, say.capacity, say.claims, say.through],
  },
  unexplained,
};

const BLIND = 'tasks are still claimed, perhaps by the last workers, for worker-manager does not tell whether others come';

const CLOSED = 'no worker may be created, for the maximum capacity of the pool is 0';

/** The cause as one sentence with its numbers, without its full stop. */
export function sentence(diagnosis: Diagnosis): string {
  const { cause, confidence, figures } = diagnosis;
  const known = poolCause(cause);
  const proof = PROOFS[known];
  const { gist, plain } = gistOf(known, diagnosis);
  const parts = proof.figures.flatMap((phrase) => phrase(figures));
  const said = confidence === 'likely' && !plain ? `probably ${gist}` : gist;
  return capital(parts.length === 0 ? said : `${said}: ${parts.join('; ')}`);
}

/** What it comes down to; `plain` where that holds as it stands, however sure the cause is. */
function gistOf(cause: PoolCause, { confidence, figures }: Diagnosis): { gist: string; plain: boolean } {
  if (isBlind(cause, confidence)) return { gist: BLIND, plain: true };
  if (isClosed(cause, figures)) return { gist: CLOSED, plain: true };
  return { gist: PROOFS[cause].gist(figures), plain: cause === 'unexplained' };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function at(provider: string | undefined): string {
  return provider === undefined ? '' : ` at ${say.providerName(provider)}`;
}

function slowBoot({ oldestRequested, usualBoot }: PoolFigures): string {
  const after = oldestRequested === undefined ? '' : ` after ${spoken(oldestRequested)}`;
  const usual = usualBoot === undefined ? '' : `, while the slowest of the last ones took ${spoken(usualBoot)}`;
  return `a requested worker has not come up${after}${usual}`;
}

function shortLives({ young = 0, youngGone = 0, created }: PoolFigures): string {
  const hour = created === undefined ? '' : `, of ${counted(created, 'worker')} within the last hour`;
  return `workers are created and gone again before they claim: ${amount(youngGone)} of ${amount(young)} that came within ten minutes are${hour}`;
}

function notClaiming(figures: PoolFigures): string {
  if (isUnwatched(figures)) return 'no worker claims any of what waits';
  const { claimed = 0, running = 0 } = figures;
  return areSome(figures)
    ? `of ${amount(running)} tasks that its workers could run at once they have only ${amount(claimed)}, although others wait`
    : 'workers run, and claim nothing of what waits';
}

function overfull({ requested, running, maxCapacity }: PoolFigures): string {
  const existing =
    requested === undefined && running === undefined ? '' : ` for ${amount((requested ?? 0) + (running ?? 0))} tasks at once`;
  const limit = maxCapacity === undefined ? 'more than the maximum' : `where ${amount(maxCapacity)} is the maximum`;
  return `there are workers${existing}, ${limit}, and they claim nothing`;
}

function inUse(figures: PoolFigures): string[] {
  const { claimed, maxCapacity } = figures;
  if (maxCapacity === 0) return say.capacity(figures);
  if (claimed === undefined) return maxCapacity === undefined ? [] : [`its maximum is ${amount(maxCapacity)} tasks at once`];
  if (maxCapacity === undefined) return [`it works on ${counted(claimed, 'task')}`];
  return [`it works on ${amount(claimed)} of at most ${amount(maxCapacity)} tasks at once`];
}

function launchConfigs({ launchConfigs: n }: PoolFigures): string[] {
  return n === 0 ? ['the pool has no launch configuration'] : [];
}
