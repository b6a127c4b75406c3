import type { Undelivered } from '../evidence/delivery.ts';
import { SECOND, spoken } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import { Secret } from '../evidence/secret.ts';
import { failure } from '../notify/network.ts';
import type { Clock, Log } from '../ports.ts';
import { type Coverage, coverageWords } from './coverage.ts';
import { OWED_FOR, owedPages } from './owed.ts';

/** How long to wait for the receiver. */
const TIMEOUT = 10 * SECOND;
/** While much goes on there are several passes a second; a receiver that fails is tried again at the first one after this. */
const RETRY_AFTER = 10 * SECOND;

export interface HeartbeatOptions {
  clock: Clock;
  log: Log;
  /** Milliseconds until a receiver without an answer is given up; default 10 s. */
  timeout?: number;
}

/**
 * The dead man's switch: a receiver elsewhere that calls somebody when it hears nothing. It hears of complete passes alone, and of none
 * while a page is owed, so that whoever cannot be told by us is called by it. Passes are up to a minute apart: a receiver must allow
 * that much beyond `every`. A process that lives for one pass knows of no earlier beat, and sends each time.
 */
export class Heartbeat {
  readonly #url: Secret;
  readonly #every: number;
  readonly #options: HeartbeatOptions;
  #dueAt = Number.NEGATIVE_INFINITY;
  #sending = false;
  /** What was last said of it in the log, so that each trouble is said once. */
  #said = '';

  constructor({ url, every }: NonNullable<Config['heartbeat']>, options: HeartbeatOptions) {
    this.#url = url;
    this.#every = every;
    this.#options = options;
  }

  /** Sends one where one is due. Resolves when that has come to its end; never rejects. Only to be called of a pass that was stored. */
  async passed(
    { complete, covered }: { complete: boolean; covered: Coverage },
    undelivered: readonly Undelivered[],
  ): Promise<void> {
    const now = this.#options.clock.now();
    if (!complete) return;
    const [owed] = owedPages(undelivered, now);
    if (owed !== undefined) {
      this.#say('warn', `a page has been owed to ${owed.route} for over ${spoken(OWED_FOR)}, so no heartbeat is sent`);
      return;
    }
    if (this.#sending || now < this.#dueAt) return;
    this.#sending = true;
    const sent = await this.#send(`${coverageWords(covered)}; last pass ${spoken(covered.took)}\n`);
    this.#sending = false;
    this.#dueAt = now + (sent ? this.#every : Math.min(RETRY_AFTER, this.#every));
  }

  async #send(body: string): Promise<boolean> {
    try {
      const response = await fetch(this.#url.reveal(), {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body,
        // The address is a secret and goes to nobody else.
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#options.timeout ?? TIMEOUT),
      });
      await response.body?.cancel().catch(() => undefined);
      if (response.ok) this.#say('debug', 'the heartbeat was taken');
      else this.#say('warn', `the heartbeat was answered with status ${response.status}`);
      return response.ok;
    } catch (error) {
      this.#say('warn', `the heartbeat was not taken: ${failure(error, secretsOf(this.#url)).why}`);
      return false;
    }
  }

  #say(level: 'debug' | 'warn', sentence: string): void {
    if (sentence === this.#said) return;
    this.#said = sentence;
    this.#options.log[level]({ heartbeat: hostOf(this.#url) }, sentence);
  }
}

/** Whom it goes to, as far as that is no secret. */
function hostOf(url: Secret): string {
  return URL.canParse(url.reveal()) ? new URL(url.reveal()).host : '';
}

/** The address in each form in which an error may repeat it. */
function secretsOf(url: Secret): Secret[] {
  if (!URL.canParse(url.reveal())) return [url];
  const { href, pathname, search } = new URL(url.reveal());
  const path = `${pathname}${search}`;
  return [url, new Secret(href), ...(path === '/' ? [] : [new Secret(path)])];
}
