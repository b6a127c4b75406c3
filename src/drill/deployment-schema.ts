import { z } from 'zod';
import { checkPriority } from '../config/choice.ts';
import { duration } from '../config/hints.ts';
import { textLeaf } from '../config/leaf.ts';
import { checkPool } from '../config/pool.ts';
import { count, factors, number, oneValue, spread, text, word } from './leaves.ts';

const KINDS = ['generic-worker', 'generic-worker-windows', 'docker-worker', 'd2g', 'built-in'] as const;

const rhythm = z
  .strictObject({
    hours: factors(24, 'By the hour, from midnight UTC.'),
    days: factors(7, 'By the day, from Sunday.'),
  })
  .meta({ description: "How load rises and falls: what each pool's perHour is multiplied by." });

const load = z
  .strictObject({
    perHour: number('Tasks of other people in an hour, where the rhythm is 1.', 'count of tasks', 1_000_000),
    batch: count('Tasks that come at once, as a push brings them. Default: 1.', 'count of tasks', 1).optional(),
    duration: spread('How long they run.'),
    priority: textLeaf(checkPriority, { description: 'Their priority. Default: lowest.', example: 'lowest' }).optional(),
  })
  .meta({ description: 'Tasks of other people.' });

export const poolGroup = z.strictObject({
  names: z
    .array(textLeaf(checkPool, { description: 'A pool.', example: 'gecko-3/decision' }))
    .min(1)
    .meta({ description: 'Pools that are alike in all that follows.' }),
  runs: word(KINDS, 'kind of worker', 'What their workers run.'),
  provider: text('The provider; its name tells the cloud: aws, azure, else Google.', 'fxci-level3-gcp').optional(),
  minCapacity: count('Capacity that always stands there. Default: 0.', 'capacity').optional(),
  maxCapacity: count('Capacity at most.', 'capacity', 1),
  capacityPerWorker: count('Tasks that a worker runs at once. Default: 1.', 'count of tasks', 1).optional(),
  boot: spread("From a worker's request to its first call for work."),
  registrationTimeout: duration('A worker that has not come up by then is ended. Default: never.', '90m').optional(),
  idleTimeout: duration('How long a worker waits for work before it stops. Default: 5m.', '5m').optional(),
  claim: z
    .strictObject({ min: duration('At least.', '100ms'), max: duration('At most.', '5s') })
    .optional()
    .meta({ description: 'How long a free worker takes to claim.' }),
  run: spread('How long our canaries run.').optional(),
  load: load.optional(),
  regions: z
    .array(text('A region.', 'us-central1'))
    .min(1)
    .optional()
    .meta({ description: "Where workers are started. Default: two of the provider's." }),
  known: oneValue([false], 'false: hardware, which worker-manager does not know.').optional(),
});

/** A deployment that drills may share. */
export const deploymentFile = z.strictObject({
  rhythm: rhythm.optional(),
  provisionEvery: duration('How often the provisioner looks at each pool. Default: 30s.', '30s').optional(),
  pools: z.array(poolGroup).min(1).meta({ description: 'All pools, in groups that are alike.' }),
});
