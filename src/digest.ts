import { claimNote, readNote, type Shared } from './claimed.ts';
import { waitAfter } from './dashboard.ts';
import { DAY, dayOf, SECOND } from './evidence/instant.ts';
import type { Config, DashboardConfig, Schedule } from './evidence/probe.ts';
import { slots } from './judge/schedule.ts';
import type { Board, Ports } from './ports.ts';
import { reportFrom } from './views/report.ts';
import { digest } from './views/slack/digest.ts';

const WEEK = 7 * DAY;
/** A digest that is later than this is not posted any more. */
const STALE = DAY;

/** The newest slot of the schedule that is dealt with, the one that was tried and may have been posted, and when it is tried again. */
interface DigestNote extends Shared {
  slot: number;
  tried?: number;
  due: number;
}

type DigestPorts = Pick<Ports, 'clock' | 'store' | 'log'>;

/** Posts the digest of the past week where its schedule says so, once however many processes there are. */
export async function postDigest(
  ports: DigestPorts,
  config: Config,
  board: Board,
  { channel, digest: schedule }: DashboardConfig,
): Promise<void> {
  if (schedule === undefined) return;
  const { clock, log } = ports;
  try {
    await postIfDue(ports, config, board, schedule, `digest:${channel}`);
  } catch (error) {
    log.warn({ err: error, at: clock.now() }, 'the digest could not be posted');
  }
}

async function postIfDue(ports: DigestPorts, config: Config, board: Board, schedule: Schedule, key: string): Promise<void> {
  const { clock, store, log } = ports;
  const now = clock.now();
  // A store that is new has no week to tell of.
  const read = await readNote<DigestNote>(store, key, { slot: now, due: 0 }, now);
  if (read.text === undefined) return void (await store.note(key, undefined, JSON.stringify(read.note)));
  const { slot: last, tried, due } = read.note;
  const slot = slots(schedule, 0, Math.max(last, now - STALE), now).at(-1);
  if (slot === undefined || read.until !== undefined || (due > now && due - now < STALE)) return;
  const claimed = await claimNote(store, key, read, now);
  if (claimed === undefined) return;
  await claimed.put({ tried: slot });
  const state = await store.load();
  const at = now + state.watch.offset;
  const made = await reportFrom(store, config, state, WEEK, at);
  const told = await board.post(dayOf(slot), ({ table }) => digest(made, table), tried === slot);
  if (told.as === 'accepted') {
    await claimed.settle({ slot, due: 0 });
    log.info({}, 'the digest is posted');
  } else {
    await claimed.settle({ slot: last, tried: slot, due: now + Math.max(SECOND, waitAfter(told)) });
    log.warn({ why: told.why }, 'the digest could not be posted yet');
  }
}
