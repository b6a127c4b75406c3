import { z } from 'zod';
import { HOUR, MINUTE } from '../evidence/instant.ts';
import type { Provisioning } from '../evidence/probe.ts';
import { oneOf } from './choice.ts';
import { durationWithin } from './duration.ts';
import { duration, words } from './hints.ts';
import { textLeaf } from './leaf.ts';
import { checkPool } from './pool.ts';

const MODES = ['alert', 'observe', 'off'] as const satisfies readonly Provisioning['mode'][];

/** Each watched pool costs up to two calls each two minutes. */
const MOST_POOLS = 12;

export const provisioning = z.strictObject({
  mode: textLeaf(oneOf(MODES, 'mode'), {
    description:
      'observe: read and shown, and nobody is told of what no canary shows. off: only pools with late canaries are read.',
    example: 'alert',
    json: words(MODES),
  }).prefault('alert'),
  silence: duration(
    'How long no worker may come to be while tasks want one, 3m to 6h.',
    '10m',
    durationWithin(3 * MINUTE, 6 * HOUR),
  ).prefault('10m'),
  pools: z
    .array(textLeaf(checkPool, { description: 'A worker pool that gets workers often.', example: 'gecko-t/t-linux-large' }))
    .max(MOST_POOLS)
    .prefault([])
    .meta({ description: 'Which pools are watched for new workers, at most 12. Default: the busiest of each provider.' }),
});
