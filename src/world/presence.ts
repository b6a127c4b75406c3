import { DAY, MINUTE } from '../evidence/instant.ts';

/** The queue notes that a worker asks for work this often, and no more (`workerInfoUpdateFrequency`). */
const NOTED_EVERY = 30 * MINUTE;
/** How long it keeps a worker after the last note, or after its quarantine; then the next daily sweep, at this time of day, takes it. */
const KEPT = DAY;
const SWEEP = 5 * MINUTE;
/** A worker that never was quarantined has a quarantine that ended ten years before it first asked. */
const LONG_AGO = 3652 * DAY;

/** What the queue knows of a worker: nothing before it first asks for work, which it then goes on doing for as long as it is well. */
export class Presence {
  /** When it first asked. */
  first?: number;
  /** The last run that it was given. */
  latest?: { taskId: string; runId: number };
  #noted = 0;
  #asking = false;
  #quarantine?: { until: number; kept: number };

  begins(now: number): void {
    if (this.#asking) return;
    this.#asking = true;
    this.first ??= now;
    if (now - this.#noted >= NOTED_EVERY) this.#noted = now;
  }

  ends(now: number): void {
    this.#noted = this.lastActive(now);
    this.#asking = false;
  }

  /** When it last asked, by the queue's notes. */
  lastActive(now: number): number {
    const notes = this.#asking ? Math.floor((now - this.#noted) / NOTED_EVERY) : 0;
    return this.#noted + notes * NOTED_EVERY;
  }

  /** An instant that has passed ends a quarantine. */
  quarantine(until: number, now: number): void {
    this.#quarantine = { until, kept: now + KEPT };
  }

  get quarantineUntil(): number {
    return this.#quarantine?.until ?? (this.first ?? 0) - LONG_AGO;
  }

  expires(now: number): number {
    return Math.max(this.lastActive(now) + KEPT, this.#quarantine?.kept ?? 0);
  }

  /** Whether the queue's listing has it still. */
  listed(now: number): boolean {
    if (this.first === undefined) return false;
    const over = Math.max(this.expires(now), this.quarantineUntil);
    return now < Math.ceil((over - SWEEP) / DAY) * DAY + SWEEP;
  }
}
