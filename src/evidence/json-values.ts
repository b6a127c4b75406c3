import { iso, SECOND } from './instant.ts';

/** As everywhere in JSON: an instant as ISO 8601, `null` where there is none. */
export function instant(at: number | undefined): string | null {
  return at === undefined ? null : iso(at);
}

/** A duration in seconds, to the millisecond; `null` where there is none. */
export function seconds(duration: number): number;
export function seconds(duration: number | undefined): number | null;
export function seconds(duration: number | undefined): number | null {
  return duration === undefined ? null : Math.round(duration) / SECOND;
}
