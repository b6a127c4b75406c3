import { DAY, HOUR } from '../evidence/instant.ts';
import type { ProviderError } from './fault.ts';
import type { Launch } from './launch.ts';
import type { Random } from './random.ts';

/** How long worker-manager keeps an error. */
const KEPT = 7 * DAY;

export interface PoolError {
  errorId: string;
  reported: number;
  kind: string;
  title: string;
  description: string;
  extra: Record<string, unknown>;
  launchConfigId: string;
}

/** The errors reported of one pool. */
export class PoolErrors {
  #errors: PoolError[] = [];

  report(error: ProviderError, launch: Launch, now: number, random: Random): void {
    // Google's provider calls the cloud's code `errorCode` where an instance could not be made, `code` where an operation failed.
    const code = error.code === undefined ? {} : { [error.kind === 'creation-error' ? 'errorCode' : 'code']: error.code };
    const { kind, title, description } = error;
    const extra = { config: launch.config, ...code };
    this.#errors.push({ errorId: random.slug(), reported: now, kind, title, description, extra, launchConfigId: launch.id });
  }

  /** Newest first. */
  list(now: number): PoolError[] {
    const first = this.#errors.findIndex(({ reported }) => reported > now - KEPT);
    this.#errors = first < 0 ? [] : this.#errors.slice(first);
    return this.#errors.toReversed();
  }
}

/** Counts by whole hours of the last 24 and whole days of the last 7, each from its start, the present one included. */
export function countsByTime(
  errors: readonly PoolError[],
  now: number,
): { hourly: Map<number, number>; daily: Map<number, number> } {
  const buckets = (width: number, count: number): Map<number, number> => {
    const last = Math.floor(now / width) * width;
    const counts = new Map(Array.from({ length: count }, (_, i) => [last - (count - 1 - i) * width, 0]));
    for (const { reported } of errors) {
      const start = Math.floor(reported / width) * width;
      const so = counts.get(start);
      if (so !== undefined) counts.set(start, so + 1);
    }
    return counts;
  };
  return { hourly: buckets(HOUR, 24), daily: buckets(DAY, 7) };
}
