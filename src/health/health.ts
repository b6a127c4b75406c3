import type { Undelivered } from '../evidence/delivery.ts';
import { MINUTE, spoken } from '../evidence/instant.ts';
import { gist } from '../notify/text.ts';
import { blindText } from '../notify/words/blind.ts';
import type { Clock } from '../ports.ts';
import { type Coverage, coverageWords } from './coverage.ts';
import { OWED_FOR, owedPages } from './owed.ts';

/** One thing that was looked at, in words that hold no secret. */
export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

export interface Findings {
  ok: boolean;
  checks: Check[];
}

/** Since when something does not work, by our own clock, and why. */
export interface Failing {
  since: number;
  why: string;
}

/** The longest that `plan` lets pass between two passes. */
const INTERVAL = MINUTE;
/** Passes that take this long are no longer a habit to go by: nobody would hear of a stuck canary in time. */
const SLOWEST = 5 * MINUTE;
/** A dashboard that is not shown for so long is worth somebody's time, though not anybody's sleep. */
const UNSHOWN = 30 * MINUTE;
/** Of how many distances of passes the middle one is the usual: a single long sleep of the machine changes nothing. */
const REMEMBERED = 5;

/** How the watcher itself is doing, by what came of its passes; that its process is up says nothing. */
export class Health {
  readonly #clock: Clock;
  /** How far apart the last passes ended, newest last. Milliseconds. */
  readonly #distances: number[] = [];
  #endedAt: number | undefined;
  #complete: { at: number; covered: Coverage } | undefined;
  #last: { complete: boolean; covered: Coverage } | undefined;
  #failure: { since: number; why: string } | undefined;
  #undelivered: readonly Undelivered[] = [];
  #dashboard: { failing: Failing | undefined } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A pass has ended and was stored. */
  passed({ complete, covered }: { complete: boolean; covered: Coverage }): void {
    const at = this.#clock.now();
    this.#last = { complete, covered };
    if (this.#endedAt !== undefined) this.#distances.push(at - this.#endedAt);
    this.#distances.splice(0, this.#distances.length - REMEMBERED);
    this.#endedAt = at;
    this.#failure = undefined;
    if (complete) this.#complete = { at, covered };
  }

  /** How the last pass that was stored went; undefined before the first. */
  get lastPass(): { complete: boolean; covered: Coverage } | undefined {
    return this.#last;
  }

  /** The store has failed a pass. */
  failed(error: unknown): void {
    this.#failure = { since: this.#failure?.since ?? this.#clock.now(), why: gist(error) };
  }

  /** What the channels have not been told, as it stands. */
  channels(undelivered: readonly Undelivered[]): void {
    this.#undelivered = undelivered;
  }

  /** Since when the dashboard cannot be shown, and why, or that it is shown. */
  dashboard(failing: Failing | undefined): void {
    this.#dashboard = { failing };
  }

  /** That it can be asked is the answer. It hangs on nothing outside, so that an outage never has us restarted in a loop. */
  liveness(): Findings {
    return findings([{ name: 'event-loop', ok: true, detail: 'it turns' }]);
  }

  /** A first pass has ended, however it went, and the store worked when it was last used. */
  readiness(): Findings {
    const at = this.#endedAt;
    const detail = at === undefined ? 'no pass has ended yet' : `the last pass ended ${this.#ago(at)}`;
    return findings([{ name: 'first-pass', ok: at !== undefined, detail }, this.#store()]);
  }

  /** Complete passes come, the store works, and the channels take what they are told. */
  health(): Findings {
    return findings([this.#passes(), this.#store(), this.#channels(), this.#pages(), ...this.#shown(), ...this.#provisioning()]);
  }

  #passes(): Check {
    const name = 'complete-pass';
    if (this.#complete === undefined) return { name, ok: false, detail: 'no pass was complete yet' };
    const { at, covered } = this.#complete;
    const ok = this.#clock.now() - at <= this.#patience();
    const detail = `the last complete pass ended ${this.#ago(at)}; ${coverageWords(covered)}`;
    return { name, ok, detail: ok ? detail : `${detail}; one is due every ${spoken(this.#patience() / 2)}` };
  }

  /** Two intervals, or twice the usual distance of passes where that is longer. */
  #patience(): number {
    const usual = this.#distances.toSorted((a, b) => a - b)[Math.floor(this.#distances.length / 2)] ?? 0;
    return 2 * Math.max(INTERVAL, Math.min(SLOWEST, usual));
  }

  #store(): Check {
    const name = 'store';
    if (this.#failure === undefined) return { name, ok: true, detail: 'it worked when last used' };
    const { since, why } = this.#failure;
    return { name, ok: false, detail: `it has failed for ${spoken(this.#clock.now() - since)}: ${why}` };
  }

  #channels(): Check {
    const refused = this.#undelivered.filter((delivery) => delivery.refused);
    const reasons = new Map(refused.map(({ route, why }) => [route, gist(why)]));
    const detail = [...reasons].map(([route, why]) => `${gist(route)}: ${why}`).join('; ');
    return { name: 'channels', ok: reasons.size === 0, detail: detail || 'none refuses for good' };
  }

  #pages(): Check {
    const now = this.#clock.now();
    const owed = owedPages(this.#undelivered, now);
    const detail = owed.map(
      ({ route, incident, since }) => `${gist(route)} is owed ${gist(incident)} for ${spoken(now - since)}`,
    );
    return { name: 'pages', ok: owed.length === 0, detail: detail.join('; ') || `none is owed for over ${spoken(OWED_FOR)}` };
  }

  /** Nothing where there is no dashboard. */
  #shown(): Check[] {
    if (this.#dashboard === undefined) return [];
    const { failing } = this.#dashboard;
    const now = this.#clock.now();
    if (failing === undefined) return [{ name: 'dashboard', ok: true, detail: 'it is shown' }];
    const detail = `it could not be shown for ${spoken(now - failing.since)}: ${gist(failing.why)}`;
    return [{ name: 'dashboard', ok: !isPersistent(failing, now), detail }];
  }

  /** Canaries are watched all the same, so that nothing fails here; but somebody should know. */
  #provisioning(): Check[] {
    const blind = this.#last?.covered.blind;
    return blind === undefined ? [] : [{ name: 'provisioning-watch', ok: true, detail: blindText(blind) }];
  }

  #ago(instant: number): string {
    return `${spoken(this.#clock.now() - instant)} ago`;
  }
}

export function isPersistent({ since }: Failing, now: number): boolean {
  return now - since >= UNSHOWN;
}

function findings(checks: Check[]): Findings {
  return { ok: checks.every((check) => check.ok), checks };
}
