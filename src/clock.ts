import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './ports.ts';

/** Node fires longer timers at once; sleeping in pieces keeps far instants right and notices a changed wall clock. */
const LONGEST_SLEEP = 60_000;

/** The machine's clock. */
export const wallClock: Clock = {
  now: () => Date.now(),
  async sleepUntil(instant, stop) {
    for (let left = instant - Date.now(); left > 0 && !stop.aborted; left = instant - Date.now()) {
      await wait(Math.min(left, LONGEST_SLEEP), undefined, { signal: stop }).catch(() => undefined);
    }
  },
};
