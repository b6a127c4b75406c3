import { instantOf, iso } from '../../evidence/instant.ts';
import type { Pool } from '../pool.ts';
import type { Worker } from '../roster.ts';
import type { World } from '../world.ts';
import { ApiError } from './error.ts';
import { quarantineInput } from './inputs.ts';
import { type Method, param, type Request } from './method.ts';
import { PAGED, page } from './page.ts';
import { LAUNCH_CONFIG } from './pools.ts';

const WORKER = ['provisionerId', 'workerType', 'workerGroup', 'workerId'];

/** Worker-manager's methods about workers that have asked the queue for work, hardware too. */
export const seenWorkerMethods = {
  listWorkers: {
    params: ['provisionerId', 'workerType'],
    query: {
      ...PAGED,
      launchConfigId: LAUNCH_CONFIG,
      quarantined: /^(true|false)$/,
      workerState: /^(requested|running|stopping|stopped)$/,
    },
    scopes: ({ provisionerId, workerType }) => `worker-manager:list-workers:${provisionerId}/${workerType}`,
    run: listWorkers,
  },
  getWorker: {
    params: WORKER,
    scopes: (params) => `worker-manager:get-worker:${pathOf(params)}`,
    run: getWorker,
  },
} satisfies Record<string, Method>;

/** The queue's own method about them. */
export const queueWorkerMethods = {
  quarantineWorker: {
    params: WORKER,
    scopes: (params) => ({ AllOf: [`queue:quarantine-worker:${pathOf(params)}`] }),
    input: quarantineInput,
    run: quarantineWorker,
  },
} satisfies Record<string, Method>;

function pathOf(params: Record<string, string>): string {
  return WORKER.map((name) => params[name]).join('/');
}

function poolOf(world: World, request: Request): Pool | undefined {
  return world.pools.get(`${param(request, 'provisionerId')}/${param(request, 'workerType')}`);
}

/** The worker that the path names, if the queue still has it. */
function seenIn(world: World, request: Request): { pool: Pool; one: Worker } | undefined {
  const pool = poolOf(world, request);
  const one = pool?.roster.find(param(request, 'workerGroup'), param(request, 'workerId'), world.now);
  return pool && one?.presence.listed(world.now) ? { pool, one } : undefined;
}

/** What the queue and worker-manager each know of it; of hardware worker-manager knows nothing. */
function joined(pool: Pool, { group, id, state, capacity, launchConfigId, presence }: Worker, now: number) {
  const managed = { state, capacity, ...(launchConfigId !== undefined && { launchConfigId }) };
  return {
    workerPoolId: pool.id,
    workerGroup: group,
    workerId: id,
    providerId: pool.provider,
    ...(pool.known ? managed : { state: 'standalone', capacity: 0 }),
    firstClaim: iso(presence.first ?? now),
    lastDateActive: iso(presence.lastActive(now)),
    quarantineUntil: iso(presence.quarantineUntil),
  };
}

/** By group and id. A filter for what worker-manager knows leaves out hardware, and `quarantined=false` filters nothing. */
function listWorkers(world: World, request: Request): unknown {
  const { now } = world;
  const pool = poolOf(world, request);
  const { quarantined, workerState, launchConfigId } = request.query;
  const fits = ({ state, launchConfigId: launch, presence }: Worker) =>
    presence.listed(now) &&
    (workerState === undefined || (pool?.known && state === workerState)) &&
    (launchConfigId === undefined || (pool?.known && launch === launchConfigId)) &&
    (quarantined !== 'true' || presence.quarantineUntil >= now);
  const name = ({ group, id }: Worker) => `${group} ${id}`;
  const chosen = [...(pool?.roster.newest(now) ?? [])].filter(fits).sort((a, b) => (name(a) < name(b) ? -1 : 1));
  const { rows, token } = page(chosen, request.query);
  const workers = rows.map((one) => ({
    ...(pool && joined(pool, one, now)),
    ...(one.presence.latest && { latestTask: one.presence.latest }),
  }));
  return { workers, ...token };
}

function getWorker(world: World, request: Request): unknown {
  const { now } = world;
  const seen = seenIn(world, request);
  const over = seen && Math.max(seen.one.presence.expires(now), seen.one.presence.quarantineUntil) <= now;
  if (seen === undefined || over) throw unseen(request, 'provisioner', ' Are you sure it was created?');
  return { ...joined(seen.pool, seen.one, now), quarantineDetails: [], ...ownOf(seen.one, request, now) };
}

function quarantineWorker(world: World, request: Request): unknown {
  const seen = seenIn(world, request);
  if (seen === undefined) throw unseen(request, 'provisionerId', '');
  const { quarantineUntil } = request.payload as ReturnType<typeof quarantineInput>;
  world.quarantine(seen.pool, seen.one, instantOf(quarantineUntil));
  const { workerGroup, workerId, firstClaim, lastDateActive } = joined(seen.pool, seen.one, world.now);
  const until = iso(seen.one.presence.quarantineUntil);
  const own = ownOf(seen.one, request, world.now);
  return { taskQueueId: seen.pool.id, workerGroup, workerId, quarantineUntil: until, firstClaim, lastDateActive, ...own };
}

/** Of its recent tasks the model keeps the last. */
function ownOf({ presence }: Worker, request: Request, now: number) {
  return {
    provisionerId: param(request, 'provisionerId'),
    workerType: param(request, 'workerType'),
    expires: iso(presence.expires(now)),
    recentTasks: presence.latest === undefined ? [] : [presence.latest],
  };
}

function unseen({ params: { provisionerId, workerType, workerGroup, workerId } }: Request, provisioner: string, doubt: string) {
  return new ApiError(
    'ResourceNotFound',
    `Worker with workerId \`${workerId}\`, workerGroup \`${workerGroup}\`,worker-type \`${workerType}\` and ${provisioner} \`${provisionerId}\` not found.${doubt}`,
  );
}
