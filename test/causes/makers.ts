import type { PoolFigures } from '../../src/evidence/diagnosis.ts';
import type { Fact } from '../../src/evidence/fact.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { PoolRecord, PoolSeen } from '../../src/evidence/pool.ts';
import type { PlannedRead, PoolInfo, Reading, Workforce } from '../../src/evidence/reading.ts';
import { DAY_ZERO } from '../support/values.ts';

export const NOW = DAY_ZERO + 20 * HOUR;

export function infoOf(pool: string, over: Partial<PoolInfo> = {}): PoolInfo {
  return {
    pool,
    provider: 'gcp',
    minCapacity: 0,
    maxCapacity: 50,
    currentCapacity: 0,
    requestedCapacity: 0,
    launchConfigs: 1,
    ...over,
  };
}

/** One task a worker. */
export function workforceOf({ requested = 0, running = 0, stopping = 0, stopped = 0 } = {}): Workforce {
  const tally = (count: number) => ({ count, capacity: count });
  return { requested: tally(requested), running: tally(running), stopping: tally(stopping), stopped: tally(stopped) };
}

export function recordOf(pool: string, seen?: PoolSeen, info: Partial<PoolInfo> = {}): PoolRecord {
  return { pool, info: infoOf(pool, info), at: NOW, ...(seen && { seen }) };
}

/** A pool that nothing is wrong with, as a suspect's figures show it. */
export function figuresOf(over: Partial<PoolFigures> = {}): PoolFigures {
  return {
    at: NOW,
    provider: 'gcp',
    claims: 'move',
    claimRate: 60,
    pending: 1,
    claimed: 10,
    requested: 0,
    running: 10,
    stopping: 0,
    minCapacity: 0,
    maxCapacity: 50,
    newestWorker: 10 * MINUTE,
    created: 8,
    errors: 0,
    usualErrors: 0,
    ...over,
  };
}

/** The figures without what could not be read. */
export function without(figures: PoolFigures, ...names: (keyof PoolFigures)[]): PoolFigures {
  return Object.fromEntries(
    Object.entries(figures).filter(([name]) => !names.some((gone) => gone === name)),
  ) as unknown as PoolFigures;
}

/** An answer of Taskcluster's to a reading. */
export function read(request: PlannedRead, reading: Reading, at: number): Fact {
  return { kind: 'read', request, reading, at };
}

export function listed(pools: readonly PoolInfo[], at: number): Fact {
  return read({ what: 'pools' }, { what: 'pools', infos: [...pools] }, at);
}

export function sampled(workforces: Record<string, Workforce>, at: number): Fact {
  const pools = Object.entries(workforces).map(([pool, workforce]) => ({ pool, workforce }));
  return read({ what: 'fleet' }, { what: 'fleet', pools }, at);
}

export function counted(pool: string, pending: number, claimed: number | undefined, at: number): Fact {
  return read({ what: 'counts', pool }, { what: 'counts', pending, ...(claimed !== undefined && { claimed }) }, at);
}

/** The newest worker of a pool, asked for alone; without an instant there is none. */
export function newest(pool: string, created: number | undefined, at: number): Fact {
  const rows = created === undefined ? [] : [{ worker: `g/${created}`, created, state: 'running' as const, capacity: 1 }];
  return read({ what: 'workers', pool, limit: 1 }, { what: 'workers', workers: rows, all: created === undefined }, at);
}

export { DAY, HOUR, MINUTE, SECOND };
