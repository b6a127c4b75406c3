import { DAY, iso } from '../../evidence/instant.ts';
import type { Pool } from '../pool.ts';
import type { Worker } from '../roster.ts';
import type { World } from '../world.ts';
import { ApiError } from './error.ts';
import { type Method, param, type Request } from './method.ts';
import { PAGED, page } from './page.ts';
import { found, LAUNCH_CONFIG } from './pools.ts';

/** Worker-manager's methods about the workers that it manages. */
export const workerMethods = {
  worker: {
    params: ['workerPoolId', 'workerGroup', 'workerId'],
    scopes: ({ workerPoolId, workerGroup, workerId }) => `worker-manager:get-worker:${workerPoolId}/${workerGroup}/${workerId}`,
    run: worker,
  },
  listWorkersForWorkerPool: {
    params: ['workerPoolId'],
    query: {
      ...PAGED,
      launchConfigId: LAUNCH_CONFIG,
      state: /^(requested|running|stopping|stopped|standalone)$/,
    },
    scopes: ({ workerPoolId }) => `worker-manager:list-workers:${workerPoolId}`,
    run: listWorkersForWorkerPool,
  },
} satisfies Record<string, Method>;

function rowOf(pool: Pool, one: Worker, now: number): Record<string, unknown> {
  const expires = one.state === 'stopped' ? one.expires : Math.max(one.expires, now + DAY);
  return {
    workerPoolId: pool.id,
    workerGroup: one.group,
    workerId: one.id,
    providerId: pool.provider,
    created: iso(one.created),
    expires: iso(expires),
    state: one.state,
    capacity: one.capacity,
    ...(one.launchConfigId !== undefined && { launchConfigId: one.launchConfigId }),
    lastModified: iso(one.modified),
    lastChecked: iso(one.modified),
  };
}

function worker(world: World, request: Request): unknown {
  const pool = world.pools.get(param(request, 'workerPoolId'));
  const one = pool?.known ? pool.roster.find(param(request, 'workerGroup'), param(request, 'workerId'), world.now) : undefined;
  if (pool === undefined || one === undefined) throw new ApiError('ResourceNotFound', 'Worker not found');
  return rowOf(pool, one, world.now);
}

function listWorkersForWorkerPool(world: World, request: Request): unknown {
  const pool = found(world, param(request, 'workerPoolId'), 'Worker Pool does not exist');
  const { state, launchConfigId } = request.query;
  const { rows, token } = page(chosen(pool.roster.newest(world.now), state, launchConfigId), request.query);
  return { workers: rows.map((one) => rowOf(pool, one, world.now)), ...token };
}

function* chosen(workers: Iterable<Worker>, state: string | undefined, launchConfigId: string | undefined): Generator<Worker> {
  for (const one of workers) {
    if ((state === undefined || one.state === state) && (launchConfigId === undefined || one.launchConfigId === launchConfigId))
      yield one;
  }
}
