import { DAY, iso } from '../../evidence/instant.ts';
import type { Pool } from '../pool.ts';
import type { Worker } from '../roster.ts';
import type { World } from '../world.ts';
import { ApiError } from './error.ts';
import { type Method, param, type Request } from './method.ts';
import { PAGED, page } from './page.ts';
import { found } from './pools.ts';

/** Worker-manager's methods about workers. */
export const workerMethods = {
  worker: {
    params: ['workerPoolId', 'workerGroup', 'workerId'],
    scopes: ({ workerPoolId, workerGroup, workerId }) => `worker-manager:get-worker:${workerPoolId}/${workerGroup}/${workerId}`,
    run: worker,
  },
  getWorker: {
    params: ['provisionerId', 'workerType', 'workerGroup', 'workerId'],
    scopes: ({ provisionerId, workerType, workerGroup, workerId }) =>
      `worker-manager:get-worker:${provisionerId}/${workerType}/${workerGroup}/${workerId}`,
    run: getWorker,
  },
  listWorkersForWorkerPool: {
    params: ['workerPoolId'],
    query: {
      ...PAGED,
      launchConfigId: /^[a-zA-Z0-9-_]{1,38}$/,
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

/** The queue's view: every worker that has claimed, hardware too, and without the instant of its creation. */
function getWorker(world: World, request: Request): unknown {
  const [provisionerId, workerType] = [param(request, 'provisionerId'), param(request, 'workerType')];
  const [workerGroup, workerId] = [param(request, 'workerGroup'), param(request, 'workerId')];
  const pool = world.pools.get(`${provisionerId}/${workerType}`);
  const one = pool?.roster.find(workerGroup, workerId, world.now);
  if (pool === undefined || one?.firstClaim === undefined || one.lastClaim === undefined) {
    throw new ApiError(
      'ResourceNotFound',
      `Worker with workerId \`${workerId}\`, workerGroup \`${workerGroup}\`,worker-type \`${workerType}\` and provisioner \`${provisionerId}\` not found. Are you sure it was created?`,
    );
  }
  const { at, taskId, runId } = one.lastClaim;
  const managed = { state: one.state, capacity: one.capacity, launchConfigId: one.launchConfigId };
  return {
    workerPoolId: pool.id,
    workerGroup,
    workerId,
    providerId: pool.provider,
    expires: iso(at + DAY),
    ...(pool.known ? managed : { state: 'standalone', capacity: 0 }),
    firstClaim: iso(one.firstClaim),
    recentTasks: [{ runId, taskId }],
    lastDateActive: iso(at),
    quarantineDetails: [],
    provisionerId,
    workerType,
  };
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
