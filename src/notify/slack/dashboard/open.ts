import type { Config } from '../../../evidence/probe.ts';
import type { Board, Clock, Log } from '../../../ports.ts';
import { openSlack } from '../open.ts';
import { SlackBoard } from './board.ts';

/**
 * The board that the configuration names; undefined where it has no dashboard. Nothing is contacted yet. `stop` cuts its waits short, and
 * not its calls.
 */
export async function openBoard(
  { slack, dashboard, deployment }: Config,
  log: Log,
  clock: Clock,
  stop: AbortSignal,
): Promise<Board | undefined> {
  if (slack === undefined || dashboard === undefined) return undefined;
  const call = await openSlack({ ...slack, log });
  return new SlackBoard({ call, deployment, channel: dashboard.channel, clock, log, stop });
}
