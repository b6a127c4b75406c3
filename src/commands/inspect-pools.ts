import type { Fact, Refusal } from '../evidence/fact.ts';
import { SECOND, spoken } from '../evidence/instant.ts';
import type { PlannedRead } from '../evidence/reading.ts';
import { EXIT, type ExitCode, type Io, roomOf } from '../io.ts';
import { judged } from '../judge/causes/cause.ts';
import { type InspectedPool, inspectedPool, type Objectives } from '../views/inspected.ts';
import { inspectedPoolsJson } from '../views/inspected-json.ts';
import { jsonText } from '../views/json.ts';
import { inspectPoolLines } from '../views/terminal/inspect-pool.ts';
import { unreadLines } from '../views/terminal/inspect-unread.ts';
import { progressOn } from '../views/terminal/progress.ts';
import { colorsFor } from '../views/terminal/text.ts';
import type { Inquiry } from './inquiry.ts';
import type { InspectOptions } from './inspect.ts';

export interface Inspection {
  inquiry: Inquiry;
  /** What the store says of objectives; undefined where none was read. */
  stored: Objectives | undefined;
  /** What Taskcluster or the network said, and what to do about it. */
  advise: (why: Refusal, detail: string) => string;
}

/** Workers asked for of a pool: most often enough for the rate and for the oldest that has not come up. */
const PAGE = 100;
/** From one look at what is claimed to the next. */
const LOOK_EVERY = 5 * SECOND;
/** Answers are dated to the second at best: a little longer than asked for is surely as long as asked for. */
const GRACE = SECOND;

/** Everything that can be read of each pool. */
export async function inspectPools(
  pools: readonly string[],
  { inquiry, stored, advise }: Inspection,
  options: InspectOptions,
  io: Io,
): Promise<ExitCode> {
  const progress = progressOn(io);
  inquiry.open(pools);
  await inquiry.ask(firstReads(pools), () =>
    progress.show(`asking about ${pools.length === 1 ? pools[0] : `${pools.length} pools`}`),
  );
  if (options.watch !== false) await watch(pools, inquiry, options.watch, io, progress.show);
  progress.clear();
  if (io.stop.aborted) return EXIT.interrupted;
  const now = inquiry.asker.now;
  const known = { config: inquiry.config, state: inquiry.state, stored };
  const inspected = pools.map((pool) => inspectedPool(pool, inquiry.facts, known, now));
  const { rootUrl } = inquiry.config;
  if (options.json) io.stdout.write(jsonText(inspectedPoolsJson(inspected, rootUrl, now)));
  else {
    const colors = colorsFor(io.stdout, io.env);
    const room = roomOf(io.stdout);
    const lines = inspected.flatMap((one, i) => [...(i === 0 ? [] : ['']), ...inspectPoolLines(one, rootUrl, now, colors, room)]);
    const unread = unreadLines(inspected, advise, colors, room);
    io.stdout.write(`${[...lines, ...unread].join('\n')}\n`);
  }
  return exitCodeOf(inspected, inquiry.facts);
}

/** A pool's capacity by state stands in the statistics of all pools alone. What it means depends on the definition, which comes first. */
function firstReads(pools: readonly string[]): PlannedRead[] {
  const managed = pools.filter((pool) => !pool.startsWith('built-in/'));
  return [
    ...managed.map((pool): PlannedRead => ({ what: 'pool', pool })),
    ...(managed.length > 0 ? [{ what: 'fleet' } as const] : []),
    ...pools.flatMap((pool): PlannedRead[] => [
      { what: 'counts', pool },
      { what: 'claimed', pool },
      { what: 'oldest', pool },
      { what: 'crew', pool },
    ]),
    ...managed.flatMap((pool): PlannedRead[] => [
      { what: 'workers', pool, limit: PAGE },
      { what: 'errors', pool },
      { what: 'error-list', pool },
    ]),
  ];
}

/** Looks again at pools in which tasks wait until it is known whether claims move, and at those with too much capacity once more. */
async function watch(
  pools: readonly string[],
  inquiry: Inquiry,
  atMost: number,
  io: Io,
  show: (text: string) => void,
): Promise<void> {
  const until = io.clock.now() + atMost + GRACE;
  const isOver = (pool: string) => (inquiry.state.pools.get(pool)?.seen?.workforce?.over ?? 0) > 0;
  const doubtful = () => pools.filter((pool) => (isOver(pool) || hasWaiting(inquiry, pool)) && canSeeClaims(inquiry, pool));
  const over = pools.some(isOver);
  for (let left = doubtful(); left.length > 0 && io.clock.now() < until && !io.stop.aborted; left = doubtful()) {
    show(`watching whether tasks are claimed, for ${spoken(until - io.clock.now())} at most`);
    await io.clock.sleepUntil(Math.min(until, io.clock.now() + LOOK_EVERY), io.stop);
    await inquiry.ask(left.flatMap((pool) => [{ what: 'counts', pool }, claimsRead(inquiry, pool)]));
  }
  if (over) await inquiry.ask([{ what: 'fleet' }]);
}

function hasWaiting({ state }: Inquiry, pool: string): boolean {
  return (state.pools.get(pool)?.seen?.counts?.pending ?? 0) > 0;
}

/** Whether looking again would tell what the last look did not. */
function canSeeClaims({ state, asker }: Inquiry, pool: string): boolean {
  const record = state.pools.get(pool);
  return record?.seen?.claims !== undefined && judged(record, state.watch.fleetAt, asker.now).figures.claims === 'cannot tell';
}

/** The list of what is claimed or, where that is refused, what each worker claimed last. */
function claimsRead({ state }: Inquiry, pool: string): PlannedRead {
  return state.pools.get(pool)?.seen?.claims?.by === 'latest' ? { what: 'crew', pool } : { what: 'claimed', pool };
}

function exitCodeOf(inspected: readonly InspectedPool[], facts: readonly Fact[]): ExitCode {
  if (inspected.some(({ unheardOf }) => unheardOf)) return EXIT.usage;
  const silent = inspected.some(({ unread }) =>
    unread.some(({ what, why }) => (what === 'counts' || what === 'pool') && (why === 'unreachable' || why === 'clock')),
  );
  return silent || !facts.some(({ kind }) => kind === 'read') ? EXIT.couldNotAsk : EXIT.ok;
}
