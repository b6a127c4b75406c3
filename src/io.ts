import type { Clock } from './ports.ts';

/** The process as a command sees it; handed in, so that a command can be run inside another program. */
export interface Io {
  env: Record<string, string | undefined>;
  clock: Clock;
  stdout: Output;
  stderr: Output;
  /** Aborted by the first SIGINT or SIGTERM; its reason is the signal's name. */
  stop: AbortSignal;
}

export interface Output {
  write(text: string): unknown;
  /** Where writes can be too many at once: false from `write` means to wait for this. */
  once?(event: 'drain', listener: () => void): unknown;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** How the program ends; the README's table says when. */
export const EXIT = { ok: 0, no: 1, usage: 2, couldNotAsk: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Wrong use or configuration: its message names the remedy, the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Columns to write for: the terminal's, 80 where it does not tell, and 200 for a file or a pipe, so that it gets every column. */
export function roomOf({ isTTY, columns = 0 }: Output): number {
  return columns > 0 ? columns : isTTY === true ? 80 : 200;
}
