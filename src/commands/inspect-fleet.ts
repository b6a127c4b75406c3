import type { PoolRecord } from '../evidence/pool.ts';
import type { PlannedRead } from '../evidence/reading.ts';
import { EXIT, type ExitCode, type Io, roomOf } from '../io.ts';
import { basketOf } from '../judge/causes/basket.ts';
import { judged } from '../judge/causes/cause.ts';
import { errorsRose } from '../judge/causes/diagnose.ts';
import { type InspectedFleet, inspectedFleet } from '../views/inspected-fleet.ts';
import { inspectedFleetJson } from '../views/inspected-fleet-json.ts';
import { rowsOf } from '../views/inspected-providers.ts';
import { jsonText } from '../views/json.ts';
import { inspectFleetLines } from '../views/terminal/inspect-fleet.ts';
import { unreadLines } from '../views/terminal/inspect-unread.ts';
import { progressOn } from '../views/terminal/progress.ts';
import { colorsFor } from '../views/terminal/text.ts';
import type { Inquiry } from './inquiry.ts';
import type { InspectOptions } from './inspect.ts';
import type { Inspection } from './inspect-pools.ts';

/** Of each provider so many pools are asked for their workers, those that got the most in a week. */
const LEADERS = 3;
/** Of pools in which tasks wait at most so many, those with the most. */
const WANTING = 40;
/** Pools whose errors are counted by the hour, those with the most in a week, and whose errors are then read. */
const FAILING = 100;
const QUOTED = 5;
/** Workers asked for of a pool. */
const PAGE = 100;

/** What is worth a look in a whole deployment. */
export async function inspectFleet({ inquiry, stored, advise }: Inspection, options: InspectOptions, io: Io): Promise<ExitCode> {
  const progress = progressOn(io);
  progress.show('asking which pools there are');
  await inquiry.ask([{ what: 'pools' }, { what: 'fleet' }, { what: 'fleet-errors' }]);
  const steps: [what: string, reads: () => PlannedRead[]][] = [
    ['asking how many tasks wait', () => managed(inquiry).map(({ pool }) => ({ what: 'counts', pool }))],
    ['asking for the newest workers', () => workerReads(inquiry)],
    ['asking how long tasks have waited', () => oldestReads(inquiry)],
    ['counting errors', () => errorReads(inquiry)],
    ['reading errors', () => quoteReads(inquiry)],
  ];
  for (const [what, reads] of steps) {
    const asked = reads();
    await inquiry.ask(asked, (done) => progress.show(`${what}: ${done} of ${asked.length} pools`));
  }
  progress.clear();
  if (io.stop.aborted) return EXIT.interrupted;
  const fleet = inspectedFleet(inquiry.docket(), inquiry.facts, stored !== undefined);
  const { rootUrl } = inquiry.config;
  if (options.json) io.stdout.write(jsonText(inspectedFleetJson(fleet, rootUrl)));
  else {
    const colors = colorsFor(io.stdout, io.env);
    const room = roomOf(io.stdout);
    const lines = [...inspectFleetLines(fleet, rootUrl, colors, room), ...unreadLines([fleet], advise, colors, room)];
    io.stdout.write(`${lines.join('\n')}\n`);
  }
  return exitCodeOf(fleet);
}

function managed({ state }: Inquiry): PoolRecord[] {
  return [...state.pools.values()].filter(({ info }) => info !== undefined);
}

/** Pools that want workers, those that the judge would watch for new ones, and the busiest of each provider. */
function workerReads(inquiry: Inquiry): PlannedRead[] {
  const records = managed(inquiry);
  const wanting = records.filter(({ seen }) => seen?.unmet !== undefined).sort((a, b) => pendingIn(b) - pendingIn(a));
  const watched = [...basketOf(inquiry.config, inquiry.state.pools).values()].flat();
  const led = new Map<string, number>();
  const leaders = records
    .filter(({ info }) => (info?.maxCapacity ?? 0) > 0)
    .sort((a, b) => rowsOf(b) - rowsOf(a))
    .filter(({ info }) => {
      const provider = info?.provider ?? '';
      led.set(provider, (led.get(provider) ?? 0) + 1);
      return (led.get(provider) ?? 0) <= LEADERS;
    });
  const pools = new Set([...wanting.slice(0, WANTING), ...watched, ...leaders].map(({ pool }) => pool));
  return [...pools].map((pool) => ({ what: 'workers', pool, limit: PAGE }));
}

function oldestReads(inquiry: Inquiry): PlannedRead[] {
  const waiting = managed(inquiry).filter((record) => pendingIn(record) > 0);
  return waiting.sort((a, b) => pendingIn(b) - pendingIn(a)).map(({ pool }) => ({ what: 'oldest', pool }));
}

function errorReads(inquiry: Inquiry): PlannedRead[] {
  const errorsIn = ({ seen }: PoolRecord) => seen?.errorCount?.count ?? 0;
  const failing = managed(inquiry).filter((record) => errorsIn(record) > 0);
  const first = failing.sort((a, b) => Number(pendingIn(b) > 0) - Number(pendingIn(a) > 0) || errorsIn(b) - errorsIn(a));
  return first.slice(0, FAILING).map(({ pool }) => ({ what: 'errors', pool }));
}

function quoteReads(inquiry: Inquiry): PlannedRead[] {
  const now = inquiry.asker.now;
  const risen = managed(inquiry).filter((record) => errorsRose(judged(record, inquiry.state.watch.fleetAt, now).figures));
  return risen.slice(0, QUOTED).map(({ pool }) => ({ what: 'error-list', pool }));
}

function pendingIn({ seen }: PoolRecord): number {
  return seen?.counts?.pending ?? 0;
}

function exitCodeOf({ pools, counted, unread }: InspectedFleet): ExitCode {
  const unlisted = unread.some(({ what }) => what === 'pools');
  const silent = unread.some(({ what, why }) => what === 'counts' && (why === 'unreachable' || why === 'clock'));
  return unlisted || (silent && counted < pools) ? EXIT.couldNotAsk : EXIT.ok;
}
