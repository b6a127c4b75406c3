import type { PoolFigures } from '../../evidence/diagnosis.ts';
import * as say from './figures.ts';

/** Where no known cause fits, honesty is what is left: all that was read, and what could not be. */
export const unexplained = {
  gist: (figures: PoolFigures) => {
    if (isMiscounted(figures))
      return 'the queue counts no waiting task in this pool, and yet our canary waits (taskcluster#8525)';
    return figures.overtaken
      ? 'all that wait in the queue have come after our canary, which it seems to have lost (taskcluster#8525)'
      : 'none of the known causes fits';
  },
  figures: [waiting, say.capacity, say.newest, say.created, say.errors, say.claims, say.crew, unread],
};

/** A canary of ours waits wherever this is asked, so that a count of nothing is wrong. */
function isMiscounted({ pending }: PoolFigures): boolean {
  return pending === 0;
}

/** The queue offers our canary to nobody. */
export function isLost(figures: PoolFigures): boolean {
  return isMiscounted(figures) || figures.overtaken === true;
}

function waiting(figures: PoolFigures): string[] {
  return isMiscounted(figures) ? [] : say.waiting(figures);
}

function unread({ pending, running, newestWorker, errors, workers }: PoolFigures): string[] {
  const missing = [
    ...(pending === undefined ? ['how many tasks wait'] : []),
    ...(running === undefined ? ['its capacity'] : []),
    ...(newestWorker === undefined ? ['its newest worker'] : []),
    ...(errors === undefined ? ['its provisioning errors'] : []),
    ...(workers === undefined ? ['the workers that the queue knows'] : []),
  ];
  return missing.length === 0 ? [] : [`could not be read: ${missing.join(', ')}`];
}
