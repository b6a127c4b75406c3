import { pino, stdTimeFunctions } from 'pino';
import type { Log } from './ports.ts';

/** Log lines on standard error, so that standard output stays the answer. Level by `TC_CANARY_LOG_LEVEL`, `info` by default. */
export function openLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    pino.destination({ fd: 2, sync: true }),
  );
}
