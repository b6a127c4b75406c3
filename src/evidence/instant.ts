/**
 * Instants are milliseconds since the Unix epoch and durations are milliseconds, both plain numbers; seconds appear only
 * where a person reads them. This file formats and parses; it never reads a clock.
 */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The instant as ISO 8601 in UTC with milliseconds, the form Taskcluster reads and writes. */
export function iso(instant: number): string {
  return new Date(instant).toISOString();
}

/** An ISO 8601 instant in milliseconds; NaN where it is not one. */
export function instantOf(text: string): number {
  return Date.parse(text);
}

/** The UTC day an instant falls on, as `2021-10-08`. */
export function dayOf(instant: number): string {
  return iso(instant).slice(0, 10);
}

/** The instant as `23:01:05` in UTC. */
export function clockTime(instant: number): string {
  return iso(instant).slice(11, 19);
}

/** To the minute: `23:01 UTC`. */
export function minuteOf(instant: number): string {
  return `${iso(instant).slice(11, 16)} UTC`;
}

/** With its day: `2021-10-08 23:01 UTC`. */
export function dayAndMinute(instant: number): string {
  return `${dayOf(instant)} ${minuteOf(instant)}`;
}

/**
 * A duration as people say it, in at most two units: `850ms`, `4.2s`, `1m 05s`, `3h 02m`, `2d 04h`.
 * Below ten seconds one decimal may stand, since warm claims differ there.
 */
export function spoken(duration: number): string {
  const ms = Math.max(0, duration);
  const pad = (n: number) => String(n).padStart(2, '0');
  if (ms < SECOND) return `${Math.round(ms)}ms`;
  if (ms < 9_950) return `${(ms / SECOND).toFixed(1).replace('.0', '')}s`;
  const s = Math.round(ms / SECOND);
  if (s < 60) return `${s}s`;
  if (s < 3600) return s % 60 === 0 ? `${s / 60}m` : `${Math.floor(s / 60)}m ${pad(s % 60)}s`;
  const m = Math.round(s / 60);
  if (m < 48 * 60) return m % 60 === 0 ? `${m / 60}h` : `${Math.floor(m / 60)}h ${pad(m % 60)}m`;
  const h = Math.round(m / 60);
  return h % 24 === 0 ? `${h / 24}d` : `${Math.floor(h / 24)}d ${pad(h % 24)}h`;
}
