import type { PoolRecord } from '../../evidence/pool.ts';
import type { Workforce } from '../../evidence/reading.ts';

/** By the outage of 2019-11-20, 80 against 10 within minutes; the provisioner itself overshoots a little now and then. */
const EXCESS = 25;
const EXCESS_SHARE = 1.25;
/** On a small pool so many workers make no such excess, and are as wrong. */
const SMALL_SHARE = 3;

/** Far more capacity requested and running than the pool may have. */
export function isOver({ info }: PoolRecord, { requested, running }: Workforce): boolean {
  const max = info?.maxCapacity;
  const existing = requested.capacity + running.capacity;
  if (max === undefined || existing <= max) return false;
  return (existing - max > EXCESS && existing > EXCESS_SHARE * max) || (max > 0 && existing >= SMALL_SHARE * max);
}
