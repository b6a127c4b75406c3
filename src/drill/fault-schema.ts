import { z } from 'zod';
import { checkPriority } from '../config/choice.ts';
import { duration } from '../config/hints.ts';
import { textLeaf } from '../config/leaf.ts';
import { count, flag, instant, number, oneValue, share, spread, text, word } from './leaves.ts';
import { CHANNEL_KINDS, EFFECTS, POINTS, WAYS_DOWN } from './scenario.ts';
import { variants } from './variants.ts';

const interval = { from: instant('When it begins.'), until: instant('When it is over.') };

const where = {
  ...interval,
  pools: z.array(text('A pool, or a pattern with *.', 'gecko-t/*')).min(1).optional(),
  providers: z.array(text("A provider's id.", 'fxci-level3-gcp')).min(1).optional(),
};
const regions = z.array(text('A region.', 'us-central1')).min(1).optional();
const rate = share('Share that is struck. Default: all.').optional();
const error = z.strictObject({
  kind: text('Its kind, such as creation-error.', 'creation-error'),
  title: text('Its title.', 'Instance Creation Error'),
  description: text('What the cloud said.', 'The zone does not have enough resources'),
  code: text("The cloud's own code.", 'ZONE_RESOURCE_POOL_EXHAUSTED').optional(),
});

const calls = {
  ...interval,
  services: z
    .array(word(['queue', 'workerManager'], 'service', 'Whose calls.'))
    .min(1)
    .optional(),
  methods: z.array(text('A method by its name in the references.', 'createTask')).min(1).optional(),
  rate,
};

const channels = {
  ...interval,
  channels: z
    .array(word(CHANNEL_KINDS, 'kind of channel', 'Which channels.'))
    .min(1)
    .optional(),
};
const replica = { ...interval, replica: count('Which process, from 1.', 'number of a process', 1, 10).optional() };

/** Everything that can go wrong in a drill, and what can be said of it. */
export const fault = variants('fault', {
  'provisioner-stopped': where,
  'pool-skipped': where,
  'pool-deleted': where,
  'creation-fails': { ...where, error, rate, regions },
  'boot-slow': { ...where, factor: number('How many times as long a boot takes.', 'factor', 1000) },
  'boot-fails': { ...where, rate, regions, error: error.optional() },
  'workers-mute': { ...where, all: flag('Those too that are up already.').optional() },
  runaway: {
    ...where,
    batch: count('Workers asked for at once.', 'count of workers', 1),
    upTo: count('Capacity at which it stops.', 'capacity', 1).optional(),
    every: duration('From one batch to the next.', '2m').optional(),
  },
  orphaned: { ...where, rate },
  backlog: {
    ...where,
    tasks: count('Tasks in each pool.', 'count of tasks', 1),
    priority: textLeaf(checkPriority, { description: 'Their priority.', example: 'lowest' }).optional(),
    duration: spread('How long they run.'),
  },
  'claims-expire': { ...where, rate },
  'api-down': {
    ...calls,
    status: oneValue([500, 502, 503, 504], 'The status of the answer. Default: 503.').optional(),
    applied: flag('The call takes effect all the same.').optional(),
  },
  'api-slow': { ...calls, delay: duration('How much later the answer comes.', '30s') },
  'api-refuses': { ...calls, status: oneValue([401, 403], 'The status of the answer.') },
  unresolvable: calls,
  'channel-down': {
    ...channels,
    how: word(WAYS_DOWN, 'way to be down', 'How it answers.').optional(),
    arrives: share('Share that arrives all the same.').optional(),
  },
  'channel-limits': { ...channels, retryAfter: duration('What its Retry-After says.', '30s') },
  'prober-killed': {
    ...replica,
    effect: word(EFFECTS, 'effect', 'It dies at one of these, and not at from.').optional(),
    nth: count('At which of its effects since from. Default: the first.', 'number of an effect', 1).optional(),
    point: word(POINTS, 'point', 'Before the effect, or after it and before its answer. Default: before.').optional(),
  },
  'store-lost': interval,
  'prober-paused': replica,
  'clock-skewed': {
    ...replica,
    ahead: duration('How far ahead of the true time.', '20m').optional(),
    behind: duration('How far behind.', '20m').optional(),
  },
});
