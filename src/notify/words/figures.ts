import type { PoolFigures } from '../../evidence/diagnosis.ts';
import { spoken } from '../../evidence/instant.ts';
import { clean, clip } from '../text.ts';
import { mostly } from './common-error.ts';
import { amount, counted, tasksWait } from './count.ts';

/** Enough for the name of any provider. */
const NAME = 40;

export function providerName(name: string): string {
  return clip(clean(name), NAME);
}

/** What was read of a pool in phrases, each a list of those that can be said: nothing is said of what could not be read. */
export type Phrase = (figures: PoolFigures) => string[];

export const waiting: Phrase = ({ pending, oldestPending }) => {
  if (pending === undefined) return oldestPending === undefined ? [] : [`the oldest task waits for ${spoken(oldestPending)}`];
  if (pending === 0) return ['no task waits'];
  const age = oldestPending === undefined ? '' : `, ${pending === 1 ? '' : 'the oldest '}for ${spoken(oldestPending)}`;
  return [`${tasksWait(pending)}${age}`];
};

/** Capacity is counted in tasks, and one worker may take several. */
export const capacity: Phrase = ({ running, requested, maxCapacity }) => {
  const parts = [
    ...(running === undefined ? [] : [`${amount(running)} running`]),
    ...(requested === undefined ? [] : [`${amount(requested)} requested`]),
    ...(maxCapacity === undefined ? [] : [`${amount(maxCapacity)} at most`]),
  ];
  return parts.length === 0 ? [] : [`capacity ${parts.join(', ')}`];
};

export const newest: Phrase = ({ newestWorker }) =>
  newestWorker === undefined ? [] : [`the newest worker was created ${spoken(newestWorker)} ago`];

export const created: Phrase = ({ created: n, usuallyCreated }) => {
  if (n === undefined) return [];
  const usual = usuallyCreated === undefined ? '' : `, ${amount(usuallyCreated)} usual at this time of day`;
  return [`${n === 0 ? 'no worker' : counted(n, 'worker')} created in the last hour${usual}`];
};

export const errors: Phrase = ({ errors: n, usualErrors, commonError }) => {
  if (n === undefined) return [];
  if (n === 0) return ['no provisioning errors in the last hour'];
  const usual = usualErrors === undefined ? '' : ` (usually ${amount(usualErrors)})`;
  return [`${counted(n, 'provisioning error')} in the last hour${usual}${mostly(n, commonError)}`];
};

const CLAIMS: Record<PoolFigures['claims'], string> = {
  move: 'claims move',
  stand: 'claims stand still',
  'cannot tell': 'whether claims move cannot be told',
};

export const claims: Phrase = ({ claims: state, claimRate }) => {
  const rate = state !== 'move' || claimRate === undefined ? '' : `, at least ${amount(claimRate)} an hour`;
  return [`${CLAIMS[state]}${rate}`];
};

export const through: Phrase = ({ eta }) =>
  eta === undefined ? [] : [`at that rate all that wait now are claimed within ${spoken(eta)}`];

export const crew: Phrase = ({ workers, quarantined, lastActive }) => {
  if (workers === undefined) return [];
  if (workers === 0) return ['the queue knows none of its workers'];
  const held =
    quarantined === undefined || quarantined === 0
      ? []
      : [`${amount(quarantined)} of ${counted(workers, 'worker')} in quarantine`];
  return [...held, ...(lastActive === undefined ? [] : [`the last sign of a worker is ${spoken(lastActive)} old`])];
};
