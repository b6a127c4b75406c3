import type { History } from '../evidence/history.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import type { Report } from '../evidence/report.ts';
import type { State } from '../evidence/state.ts';
import { gist } from '../notify/text.ts';
import type { Ports } from '../ports.ts';
import { report, reportQuery } from '../views/report.ts';

/** A report, and the state that it was made of. */
export interface Seen {
  report: Report;
  state: State;
  /** When it was made, by our own clock. */
  madeAt: number;
}

/** How far the pages look back. */
const SPAN = DAY;
/** One that is younger is shown as it is. */
const FRESH = 2 * SECOND;
/** With the store unchanged, only the ages in it are older. */
const UNCHANGED = 5 * SECOND;
/** How long somebody waits for a newer one. */
const PATIENCE = 30;
/** Older than this it is shown to nobody. */
const STALE = MINUTE;
/** So often a new one is made where nobody asks, so that whoever does need not wait. */
const KEEP = 20 * SECOND;
/** What is older than this changes only by canaries that had been pending since, and is read anew so often. */
const LATELY = 6 * HOUR;
const PAST_FOR = 5 * MINUTE;

/** History of before an instant, which hardly changes any more. */
interface Past extends Pick<History, 'rows' | 'days' | 'created' | 'dwells'> {
  until: number;
  today: number;
  readAt: number;
}

/** Makes the report that all pages show, no more often than is worth it: several people look at the same moment's. */
export class Reporter {
  readonly #config: Config;
  readonly #ports: Pick<Ports, 'store' | 'clock' | 'log'>;
  #seen: Seen | undefined;
  #making: Promise<Seen> | undefined;
  #past: Past | undefined;

  constructor(config: Config, ports: Pick<Ports, 'store' | 'clock' | 'log'>) {
    this.#config = config;
    this.#ports = ports;
  }

  /** The present report, or one a little older where the present one takes long to make. Rejects with a `StoreError`. */
  async seen(): Promise<Seen> {
    const { clock } = this.#ports;
    const age = clock.now() - (this.#seen?.madeAt ?? Number.NEGATIVE_INFINITY);
    if (this.#seen !== undefined && age >= 0 && age < FRESH) return this.#seen;
    const making = this.#make();
    if (this.#seen === undefined || age < 0 || age > STALE) return making;
    const older = this.#seen;
    const enough = new AbortController();
    const waited = clock.sleepUntil(clock.now() + PATIENCE, enough.signal).then(() => older);
    // That the store fails shows in what is no longer renewed.
    const newer = await Promise.race([making.catch(() => older), waited]);
    enough.abort();
    return newer;
  }

  /** Keeps one at hand until stopped. */
  async keep(stop: AbortSignal): Promise<void> {
    const { clock, log } = this.#ports;
    while (!stop.aborted) {
      await this.#make().catch((error: unknown) => log.debug({ why: gist(error) }, 'the report for the pages could not be made'));
      await clock.sleepUntil(clock.now() + KEEP, stop);
    }
  }

  #make(): Promise<Seen> {
    this.#making ??= this.#made().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  async #made(): Promise<Seen> {
    const { store, clock } = this.#ports;
    const madeAt = clock.now();
    const state = await store.load();
    const before = this.#seen;
    if (before !== undefined && before.state.revision === state.revision && madeAt - before.madeAt < UNCHANGED) return before;
    const now = madeAt + state.watch.offset;
    const history = await this.#history(now);
    this.#seen = { report: report(this.#config, state, history, now - SPAN, now), state, madeAt };
    return this.#seen;
  }

  /** As `reportQuery` has it, but what is over is read anew only now and then. */
  async #history(now: number): Promise<History> {
    const { store } = this.#ports;
    const { since, daysSince } = reportQuery(this.#config, now - SPAN, now);
    const past = await this.#pastOf(now, since, daysSince);
    const recent = await store.history({ since: past.until, until: now, daysSince: past.today });
    const firstHour = Math.floor(since / HOUR) * HOUR;
    const older = past.rows.filter(({ at }) => at >= firstHour);
    return {
      ...recent,
      rows: [...older, ...recent.rows],
      hours: [...older, ...recent.hours],
      days: daysSince === undefined ? [] : [...past.days, ...recent.days],
      created: [...past.created, ...recent.created],
      dwells: [...past.dwells, ...recent.dwells],
      incidents: await store.incidents(since),
    };
  }

  /** A span of less than a day is all hourly rows. */
  async #pastOf(now: number, since: number, daysSince = now): Promise<Past> {
    const { store, clock } = this.#ports;
    const today = Math.floor(now / DAY) * DAY;
    const readAt = clock.now();
    const known = this.#past;
    if (known !== undefined && known.today === today && Math.abs(readAt - known.readAt) < PAST_FOR) return known;
    const until = Math.floor((now - LATELY) / HOUR) * HOUR;
    const { rows, days, created, dwells } = await store.history({ since, until, daysSince: Math.min(daysSince, today) });
    this.#past = { rows, days: days.filter(({ at }) => at < today), created, dwells, until, today, readAt };
    return this.#past;
  }
}
