import { type Claimed, claimNote, readNote, type Shared } from './claimed.ts';
import type { Sight } from './evidence/board.ts';
import type { Told } from './evidence/delivery.ts';
import { DAY, MINUTE, minuteOf, SECOND } from './evidence/instant.ts';
import type { Config, DashboardConfig } from './evidence/probe.ts';
import type { Report } from './evidence/report.ts';
import type { State } from './evidence/state.ts';
import type { Failing } from './health/health.ts';
import { gist } from './notify/text.ts';
import type { Board, Ports } from './ports.ts';
import { chartOf } from './views/chart/chart.ts';
import { reportFrom } from './views/report.ts';
import { dashboard as compose } from './views/slack/dashboard.ts';

/** How often it is looked whether something new is wrong; the state is read from a cache while nothing is. */
const LOOK_EVERY = 5 * SECOND;
/** A change is shown at once, but not every change of a wild minute. */
const CALM = 20 * SECOND;
/** Alerts are told first, as long as that does not take for ever: one that cannot be told must not keep the dashboard old. */
const AFTER_ALERTS = MINUTE;
const AFTER_REFUSAL = 5 * MINUTE;
const AFTER_DOUBT = 30 * SECOND;

/** What is kept of the dashboard between one update and the next, by whichever process it is shown. Instants are our own clock's. */
interface BoardNote extends Shared {
  /** The board's own memory. */
  ref?: string;
  /** When it was last shown, and when it is due again. */
  at: number;
  due: number;
  /** What was wrong when it was shown. */
  mood: string;
  /** Since when it could not be shown, and why. */
  failing?: Failing;
}

const NEVER_SHOWN: BoardNote = { at: 0, due: 0, mood: '' };

/** What became of one look at the dashboard. */
export interface Looked {
  /** When to look again, by our own clock. */
  next: number;
  /** Whether it was shown; absent where it was not due. */
  told?: Told;
  failing?: Failing;
}

/** Shows how the pools are doing, each `every` and when that has changed; any number of processes may, and one at a time does. */
export class Dashboard {
  readonly #ports: Pick<Ports, 'clock' | 'store' | 'log'>;
  readonly #config: Config;
  readonly #board: Board;
  readonly #every: number;
  readonly #key: string;
  /** The last that was shown, for a time in which the store can tell nothing. */
  #last: { report: Report; ref?: string } | undefined;
  /** Since when it waits for alerts to be told. */
  #yielding: number | undefined;
  /** A fault of ours since the last time that it was shown. */
  #broke: Failing | undefined;
  #storeFails: { since: number; shown: number } | undefined;

  constructor(ports: Pick<Ports, 'clock' | 'store' | 'log'>, config: Config, board: Board, { channel, every }: DashboardConfig) {
    this.#ports = ports;
    this.#config = config;
    this.#board = board;
    this.#every = every;
    this.#key = `dashboard:${channel}`;
  }

  /** Shows it where that is due, or `now` where somebody asks for it. Never rejects. */
  async look(asked = false): Promise<Looked> {
    try {
      // Once the store can be used again, the message must not go on saying that it cannot.
      const looked = await this.#look(asked || this.#storeFails !== undefined);
      this.#storeFails = undefined;
      if (looked.told !== undefined) this.#broke = undefined;
      return looked;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'StoreError') return this.#broken(error);
      return this.#withoutStore(error).catch((other: unknown) => this.#broken(other));
    }
  }

  /** A fault of ours, which must cost nobody their alerts. */
  #broken(error: unknown): Looked {
    const { clock, log } = this.#ports;
    const now = clock.now();
    this.#broke = { since: this.#broke?.since ?? now, why: gist(error) };
    log.error({ err: error }, 'the dashboard could not be made');
    return { next: now + AFTER_REFUSAL, failing: this.#broke };
  }

  async #look(asked: boolean): Promise<Looked> {
    const { store, clock, log } = this.#ports;
    const now = clock.now();
    const read = await readNote(store, this.#key, NEVER_SHOWN, now);
    const { note, until } = read;
    const later = (next: number) => this.#later(next, note);
    if (until !== undefined) return later(Math.min(until, now + LOOK_EVERY));
    const state = await store.load();
    const mood = moodOf(state);
    const due = dueOf(note, mood, now, this.#every);
    if (!asked && due > now) return later(Math.min(due, now + LOOK_EVERY));
    const alert = await store.nextDelivery(now);
    if (!asked && alert !== undefined && alert <= now) {
      this.#yielding ??= now;
      if (now - this.#yielding < AFTER_ALERTS) return later(now + SECOND);
    }
    this.#yielding = undefined;
    const claimed = await claimNote(store, this.#key, read, now);
    if (claimed === undefined) return later(now + SECOND);
    const report = await this.#report(state);
    const next = nextOf(now, this.#every);
    const sight = this.#sight(report, { next: next + state.watch.offset });
    const told = await this.#board.show(sight, note.ref, (ref) => claimed.put({ ref }));
    const failing = await settle(claimed, told, {
      mood,
      now,
      next: clock.now() >= next ? nextOf(clock.now(), this.#every) : next,
    });
    const { ref } = claimed.note;
    this.#last = { report, ...(ref !== undefined && { ref }) };
    if (told.as === 'accepted') {
      if (note.failing !== undefined) log.info({}, 'the dashboard is shown again');
    } else if (note.failing?.why !== told.why) {
      log[told.as === 'refused' ? 'error' : 'warn']({ why: told.why }, 'the dashboard could not be shown');
    }
    return { next: claimed.note.due, told, ...(failing && { failing }) };
  }

  /** Nothing was tried, so whatever was wrong still is. */
  #later(next: number, note: BoardNote): Looked {
    const failing = note.failing ?? this.#broke;
    return { next, ...(failing && { failing }) };
  }

  /** How all stands, by the queue's clock, over the last day. */
  #report(state: State): Promise<Report> {
    const { clock, store } = this.#ports;
    const now = clock.now() + state.watch.offset;
    return reportFrom(store, this.#config, state, DAY, now);
  }

  #sight(report: Report, moment: { next: number; trouble?: string }): Sight {
    const picture = chartOf(report);
    return {
      compose: (look) => compose(report, { ...moment, ...(picture && { alt: picture.alt }) }, look),
      ...(picture && { picture }),
    };
  }

  /** The old figures must not pass for new because the store can tell no others, nor be noted. */
  async #withoutStore(error: unknown): Promise<Looked> {
    const { clock, log } = this.#ports;
    const now = clock.now();
    const fails = this.#storeFails ?? { since: now, shown: Number.NEGATIVE_INFINITY };
    this.#storeFails = fails;
    if (fails.since === now) log.warn({ err: error }, 'the dashboard could not be shown');
    const failing = { since: fails.since, why: 'the store fails' };
    if (this.#last?.ref === undefined || now - fails.shown < this.#every) return { next: now + LOOK_EVERY, failing };
    fails.shown = now;
    const { report, ref } = this.#last;
    const trouble = `the prober's store fails since ${minuteOf(fails.since)}`;
    const sight = this.#sight(report, { next: now + this.#every, trouble });
    const told = await this.#board.show(sight, ref, async () => undefined);
    if (told.as === 'accepted') this.#last = { report, ref: told.ref };
    return { next: now + LOOK_EVERY, told, failing };
  }
}

/** What would make somebody look: which incidents are open at which level, and whether anything can be told of the pools. */
function moodOf({ incidents, watch }: State): string {
  const open = [...incidents.values()].map(({ id, level, silenced }) => `${id} ${silenced === undefined ? level : 'silent'}`);
  return [...open.sort(), ...(watch.trouble.look === undefined ? [] : ['blind'])].join('\n');
}

/** A due that lies further ahead than an interval was set by a clock that has been put back since. */
function dueOf(note: BoardNote, mood: string, now: number, every: number): number {
  if (note.failing !== undefined || note.mood === mood) return note.due - now > Math.max(every, AFTER_REFUSAL) ? now : note.due;
  return Math.min(note.due, note.at + CALM);
}

/** On the grid of `every`, so that a person knows when to look again, and processes agree. */
function nextOf(now: number, every: number): number {
  return Math.floor(now / every) * every + every;
}

async function settle(
  claimed: Claimed<BoardNote>,
  told: Told,
  { mood, now, next }: { mood: string; now: number; next: number },
): Promise<Failing | undefined> {
  const { failing, ...note } = claimed.note;
  if (told.as === 'accepted') {
    await claimed.settle({ ...note, ref: told.ref, at: now, due: next, mood });
    return undefined;
  }
  const row = { since: failing?.since ?? now, why: told.why };
  await claimed.settle({ ...note, due: now + waitAfter(told), failing: row });
  return row;
}

/** How long to wait after a try that was not accepted, in milliseconds. */
export function waitAfter(told: Exclude<Told, { as: 'accepted' }>): number {
  if (told.as === 'later') return told.after;
  return told.as === 'refused' ? AFTER_REFUSAL : AFTER_DOUBT;
}
