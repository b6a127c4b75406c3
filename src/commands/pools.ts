import { isPool } from '../config/pool.ts';
import { UsageError } from '../io.ts';
import { harmless } from '../views/terminal/text.ts';

/** @throws {UsageError} where one of the arguments names no worker pool */
export function checkPools(pools: readonly string[]): void {
  const wrong = pools.find((pool) => !isPool(pool));
  if (wrong === undefined) return;
  throw new UsageError(`"${harmless(wrong)}" is not a worker pool; write <provisionerId>/<workerType>, such as gecko-3/decision`);
}
