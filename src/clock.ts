import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './ports.ts';

/** Node fires longer timers at once; sleeping in pieces keeps far instants right and notices a changed wall clock. */
const LONGEST_SLEEP = 60_000;

/** The machine's clock. */
export const wallClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleepUntil(instant, stop) {
    // A clock that is put back must not make anybody sleep longer than he was going to.
    const until = performance.now() + instant - Date.now();
    const left = () => (stop?.aborted ? 0 : Math.min(instant - Date.now(), until - performance.now()));
    for (let piece = left(); piece > 0; piece = left()) {
      // Node leaves out what is beyond whole milliseconds.
      await wait(Math.min(Math.ceil(piece), LONGEST_SLEEP), undefined, stop && { signal: stop }).catch(() => undefined);
    }
  },
};
