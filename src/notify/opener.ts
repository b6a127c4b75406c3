import type { RouteId } from '../evidence/delivery.ts';
import type { Audience, Config } from '../evidence/probe.ts';
import type { Channel, Clock, Log } from '../ports.ts';

/** Opens the channels of one kind that the audiences name, some perhaps twice; nothing is contacted yet. */
export type Opener = (
  config: Config,
  audiences: readonly Audience[],
  tools: { log: Log; clock: Pick<Clock, 'now'> },
) => Promise<[RouteId, Channel][]>;
