import { iso } from '../../evidence/instant.ts';
import type { Pool } from '../pool.ts';
import { countsByTime, type PoolError } from '../pool-errors.ts';
import type { World } from '../world.ts';
import { ApiError } from './error.ts';
import { type Method, param, type Request } from './method.ts';
import { PAGED, page } from './page.ts';
import { ping } from './queue-tasks.ts';

/** What a query takes as the id of a launch configuration. */
export const LAUNCH_CONFIG = /^[a-zA-Z0-9-]{1,38}$/;

/** Worker-manager's methods about pools and their errors. */
export const poolMethods = {
  ping: { params: [], run: ping },
  workerPool: {
    params: ['workerPoolId'],
    scopes: ({ workerPoolId }) => `worker-manager:get-worker-pool:${workerPoolId}`,
    run: (world, request) => poolOf(found(world, param(request, 'workerPoolId'), 'Worker pool does not exist'), world),
  },
  listWorkerPools: {
    params: [],
    query: PAGED,
    scopes: () => 'worker-manager:list-worker-pools',
    run: (world, request) => {
      const { rows, token } = page(knownPools(world), request.query);
      return { workerPools: rows.map((pool) => poolOf(pool, world)), ...token };
    },
  },
  listWorkerPoolsStats: {
    params: [],
    query: PAGED,
    scopes: () => 'worker-manager:list-worker-pools',
    run: (world, request) => {
      const { rows, token } = page(knownPools(world), request.query);
      return { workerPoolsStats: rows.map((pool) => ({ workerPoolId: pool.id, ...capacitiesOf(pool) })), ...token };
    },
  },
  listWorkerPoolErrors: {
    params: ['workerPoolId'],
    query: { ...PAGED, launchConfigId: LAUNCH_CONFIG, errorId: /^[a-zA-Z0-9-_]+$/ },
    scopes: ({ workerPoolId }) => `worker-manager:list-worker-pool-errors:${workerPoolId}`,
    run: listWorkerPoolErrors,
  },
  workerPoolErrorStats: { params: [], query: { workerPoolId: /^([a-zA-Z0-9/-]+)?$/ }, run: workerPoolErrorStats },
} satisfies Record<string, Method>;

/** The pool, if worker-manager knows it; its methods word their 404 differently. */
export function found(world: World, id: string, otherwise: string): Pool {
  const pool = world.pools.get(id);
  if (pool !== undefined && world.knows(pool)) return pool;
  throw new ApiError('ResourceNotFound', otherwise);
}

function knownPools(world: World): Pool[] {
  return world.poolsById.filter((pool) => world.knows(pool));
}

function poolOf(pool: Pool, world: World): Record<string, unknown> {
  const { minCapacity, maxCapacity, registrationTimeout } = pool.spec;
  const made = iso(world.start);
  return {
    workerPoolId: pool.id,
    providerId: pool.provider,
    description: `Workers of ${pool.id}`,
    created: made,
    lastModified: made,
    config: {
      minCapacity,
      maxCapacity,
      scalingRatio: 1,
      ...(Number.isFinite(registrationTimeout) && { lifecycle: { registrationTimeout: Math.ceil(registrationTimeout / 1000) } }),
      launchConfigs: pool.launches.map(({ config }) => config),
    },
    owner: 'pools@example.com',
    emailOnError: false,
    ...capacitiesOf(pool),
  };
}

function capacitiesOf({ roster: { tally, existing } }: Pool): Record<string, number> {
  const { requested, running, stopping, stopped } = tally;
  return {
    currentCapacity: existing + stopping.capacity,
    requestedCount: requested.count,
    runningCount: running.count,
    stoppingCount: stopping.count,
    stoppedCount: stopped.count,
    requestedCapacity: requested.capacity,
    runningCapacity: running.capacity,
    stoppingCapacity: stopping.capacity,
    stoppedCapacity: stopped.capacity,
  };
}

/** Newest first. A pool that nobody knows has none, and that is no error here. */
function listWorkerPoolErrors(world: World, request: Request): unknown {
  const workerPoolId = param(request, 'workerPoolId');
  const { launchConfigId, errorId } = request.query;
  const errors = world.pools.get(workerPoolId)?.errors.list(world.now) ?? [];
  const chosen = errors.filter(
    (error) =>
      (launchConfigId === undefined || error.launchConfigId === launchConfigId) &&
      (errorId === undefined || error.errorId === errorId),
  );
  const { rows, token } = page(chosen, request.query);
  const workerPoolErrors = rows.map(({ reported, extra, ...rest }) => ({
    ...rest,
    workerPoolId,
    reported: iso(reported),
    extra: structuredClone(extra),
  }));
  return { workerPoolErrors, ...token };
}

function workerPoolErrorStats(world: World, request: Request): unknown {
  const workerPoolId = request.query['workerPoolId'] ?? '';
  request.authorize(`worker-manager:list-worker-pool-errors:${workerPoolId === '' ? '*' : workerPoolId}`);
  const pools = workerPoolId === '' ? knownPools(world) : [found(world, workerPoolId, 'Worker pool does not exist')];
  const errors = pools.flatMap((pool) => pool.errors.list(world.now).map((error) => ({ pool: pool.id, error })));
  const { hourly, daily } = countsByTime(
    errors.map(({ error }) => error),
    world.now,
  );
  return {
    workerPoolId,
    totals: {
      total: [...daily.values()].reduce((sum, count) => sum + count, 0),
      hourly: byInstant(hourly),
      daily: byInstant(daily),
      title: tally(errors, ({ error }) => error.title),
      code: tally(errors, ({ error }) => codeOf(error)),
      workerPool: tally(errors, ({ pool }) => pool),
      launchConfig: workerPoolId === '' ? {} : tally(errors, ({ error }) => error.launchConfigId),
    },
  };
}

function byInstant(counts: Map<number, number>): Record<string, number> {
  return Object.fromEntries([...counts].map(([start, count]) => [iso(start), count]));
}

function tally<T>(all: T[], name: (one: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(name(one), (counts.get(name(one)) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** The statistics look at `extra.code` alone. */
function codeOf({ extra: { code } }: PoolError): string {
  return typeof code === 'string' ? code : 'other';
}
