import { once } from 'node:events';
import { createConnection } from 'node:net';
import { clients } from '@taskcluster/client';
import { afterEach, expect, test } from 'vitest';
import { serveTaskcluster, type TaskclusterOptions } from '../src/sandbox/taskcluster/serve.ts';
import type { CallFault } from '../src/world/fault.ts';
import { clockOf } from './support/clock.ts';
import { DAY, draft, iso, MINUTE, pass, pool, SECOND, type StatusBody, worldOf } from './support/world.ts';

type Api<M extends string> = Record<M, (...args: unknown[]) => Promise<unknown>>;
type QueueApi = Api<
  'ping' | 'createTask' | 'status' | 'statuses' | 'cancelTask' | 'listTaskGroup' | 'pendingTasks' | 'taskQueueCounts'
>;
type WorkerManagerApi = Api<
  'worker' | 'workerPool' | 'listWorkersForWorkerPool' | 'listWorkerPoolsStats' | 'listWorkerPoolErrors' | 'workerPoolErrorStats'
>;

const LIMITED = {
  clientId: 'project/canary',
  accessToken: 'not-much-of-a-secret',
  scopes: ['queue:create-task:lowest:a/warm', 'queue:scheduler-id:tc-canary', 'queue:cancel-task-in-project:none'],
};
const ANONYMOUS = [
  'queue:create-task:project:none',
  'queue:status:*',
  'queue:pending-count:*',
  'worker-manager:get-worker-pool:*',
];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A deployment on a port of its own. The client signs with the machine's clock, so the world stands at its instant. */
async function deployment(options: Partial<TaskclusterOptions> = {}, fault?: CallFault, skew = 0) {
  const start = Math.floor(Date.now() / SECOND) * SECOND + skew;
  const world = worldOf([pool('a/warm', { minCapacity: 1 }), pool('a/cold')], {
    start,
    faults: fault ? [{ ...fault, from: start, until: start + DAY }] : [],
  });
  const server = await serveTaskcluster(world, {
    port: 0,
    clients: [LIMITED],
    anonymousScopes: ANONYMOUS,
    advance: () => undefined,
    ...options,
  });
  closing.push(() => server.close());
  const client = (credentials: object = LIMITED, more: { authorizedScopes?: string[] } = {}) => {
    const agent = { keepAlive: false, maxSockets: 10 };
    const settings = { rootUrl: server.url, credentials, timeout: 10 * SECOND, retries: 0, agent, ...more };
    return {
      queue: new clients.Queue(settings) as QueueApi,
      workerManager: new clients.WorkerManager(settings) as WorkerManagerApi,
    };
  };
  return { world, url: server.url, client, ...client() };
}

test('the official client creates, follows and cancels a canary, and asks who claimed it', async () => {
  const { world, queue, workerManager } = await deployment({ clients: [{ ...LIMITED, scopes: ['*'] }] });
  const [done, pending] = [world.newId(), world.newId()];
  await queue.createTask(done, draft(world, 'a/warm'));
  await queue.createTask(pending, draft(world, 'nobody/home'));
  pass(world, 30 * SECOND);
  const { status } = (await queue.status(done)) as { status: StatusBody & { taskGroupId: string } };
  expect(status.state).toBe('completed');
  const { workerGroup, workerId } = status.runs[0] ?? {};
  expect(await workerManager.worker('a/warm', workerGroup, workerId)).toMatchObject({ workerId, state: 'running' });
  expect(await queue.statuses({ taskIds: [pending, done, world.newId()] })).toMatchObject({ statuses: [{}, {}] });
  expect(await queue.taskQueueCounts('nobody/home')).toMatchObject({ pendingTasks: 1, claimedTasks: 0 });
  expect(await queue.cancelTask(pending)).toMatchObject({ status: { state: 'exception' } });
  const page = await queue.listTaskGroup(status.taskGroupId, { limit: 1 });
  expect(page).toMatchObject({ tasks: [{}], continuationToken: expect.any(String) });
  expect(await workerManager.listWorkersForWorkerPool('a/warm', { limit: 1 })).toMatchObject({ workers: [{ workerId }] });
  expect(await workerManager.workerPool('a/warm')).toMatchObject({ workerPoolId: 'a/warm', runningCapacity: 1 });
  expect(await workerManager.listWorkerPoolsStats()).toMatchObject({ workerPoolsStats: [{}, {}] });
  expect(await workerManager.workerPoolErrorStats({ workerPoolId: 'a/cold' })).toMatchObject({ totals: { total: 0 } });
  expect(await workerManager.listWorkerPoolErrors('a/cold')).toEqual({ workerPoolErrors: [] });
});

test('without credentials what everybody may do works, and the rest names what it takes', async () => {
  const { world, client } = await deployment();
  const anonymous = client({});
  expect(await anonymous.queue.ping()).toMatchObject({ alive: true });
  expect(await anonymous.queue.pendingTasks('a/cold')).toMatchObject({ pendingTasks: 0 });
  const refused = anonymous.queue.createTask(world.newId(), draft(world, 'a/warm'));
  await expect(refused).rejects.toMatchObject({
    statusCode: 403,
    code: 'InsufficientScopes',
    message: expect.stringContaining('requires Taskcluster credentials'),
  });
});

test('a missing scope is named, and only the missing one', async () => {
  const { world, queue } = await deployment();
  const refused = await queue.createTask(world.newId(), draft(world, 'a/warm', { routes: ['index.x'] })).catch((e: Error) => e);
  expect(refused).toMatchObject({ statusCode: 403, code: 'InsufficientScopes' });
  const [missing = '', required = ''] = (refused as Error).message.split('This request requires');
  expect(missing).toContain('Client ID project/canary does not have sufficient scopes');
  expect(missing).toContain('```\nqueue:route:index.x\n```');
  expect(missing).not.toContain('queue:scheduler-id');
  expect(required).toContain('queue:create-task:lowest:a/warm');
});

test("a lower priority's scope does not reach a higher one", async () => {
  const { world, queue } = await deployment();
  await expect(queue.createTask(world.newId(), draft(world, 'a/warm', { priority: 'high' }))).rejects.toMatchObject({
    statusCode: 403,
  });
  await expect(queue.createTask(world.newId(), draft(world, 'a/warm'))).resolves.toMatchObject({ status: { state: 'pending' } });
});

test.each([
  ['a wrong token', { ...LIMITED, accessToken: 'wrong' }, 'Bad mac'],
  ['an unknown client', { ...LIMITED, clientId: 'no/such-client' }, "Client with clientId 'no/such-client' not found"],
  ['a certificate', { ...LIMITED, certificate: { version: 1, expiry: 0 } }, 'takes no temporary credentials'],
])('%s is refused, even where nobody need sign', async (_, credentials, message) => {
  const { world, client } = await deployment();
  await expect(client(credentials).queue.status(world.newId())).rejects.toMatchObject({
    statusCode: 401,
    code: 'AuthenticationFailed',
    message: expect.stringContaining(message),
  });
});

test('authorizedScopes narrow what a call may do, and cannot widen it', async () => {
  const { world, client } = await deployment();
  const narrow = client(LIMITED, { authorizedScopes: ['queue:scheduler-id:tc-canary'] });
  await expect(narrow.queue.createTask(world.newId(), draft(world, 'a/warm'))).rejects.toMatchObject({ statusCode: 403 });
  const wide = client(LIMITED, { authorizedScopes: ['queue:create-task:lowest:*'] });
  await expect(wide.queue.createTask(world.newId(), draft(world, 'a/warm'))).rejects.toMatchObject({
    statusCode: 401,
    message: expect.stringContaining('do not satisfy authorizedScopes'),
  });
});

test.each([-16, 16])("a clock that is %i minutes off the deployment's is stale", async (minutes) => {
  const { world, queue } = await deployment({}, undefined, minutes * MINUTE);
  await expect(queue.status(world.newId())).rejects.toMatchObject({
    statusCode: 401,
    message: expect.stringContaining('Unauthorized: Stale timestamp'),
  });
});

test("a clock that is 14 minutes off will do, and the date is the deployment's own", async () => {
  const { world, url, queue } = await deployment({}, undefined, -14 * MINUTE);
  await expect(queue.status(world.newId())).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' });
  const { headers } = await fetch(`${url}/api/queue/v1/ping`);
  expect(headers.get('date')).toBe(new Date(world.now).toUTCString());
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('x-for-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('the world is brought to the present before each request', async () => {
  let advanced = 0;
  const { queue } = await deployment({ advance: () => advanced++ });
  await queue.ping();
  await queue.ping();
  expect(advanced).toBe(2);
});

test('errors have the real shape', async () => {
  const { world, url } = await deployment();
  const taskId = world.newId();
  const reply = await fetch(`${url}/api/queue/v1/task/${taskId}/status`);
  expect(reply.status).toBe(404);
  const body = (await reply.json()) as { message: string };
  expect(body).toMatchObject({ code: 'ResourceNotFound', requestInfo: { method: 'status', params: { taskId }, payload: {} } });
  expect(body.message).toMatch(
    /exists\?\n\n---\n\n\* method: {5}status\n\* errorCode: {2}ResourceNotFound\n\* statusCode: 404\n/,
  );
  expect(body.message).toContain(`* time:       ${iso(world.now)}`);
});

test('bad paths, queries and payloads are 400s that say why', async () => {
  const { world, url } = await deployment({ anonymousScopes: ['*'] });
  const get = async (path: string) => (await fetch(`${url}/api/${path}`)).json();
  const put = async (body: string, type = 'application/json') =>
    (await fetch(`${url}/api/queue/v1/task/${world.newId()}`, { method: 'PUT', body, headers: { 'content-type': type } })).json();
  expect(await get('queue/v1/task/abc/status')).toMatchObject({
    code: 'InvalidRequestArguments',
    message: expect.stringContaining("'abc'"),
  });
  expect(await get('worker-manager/v1/worker-pools?limit=x')).toMatchObject({ code: 'InvalidRequestArguments' });
  expect(await get('worker-manager/v1/worker-pools?foo=1')).toMatchObject({
    message: expect.stringContaining('foo is not supported'),
  });
  expect(await put('{nope')).toMatchObject({ code: 'MalformedPayload' });
  expect(await put('{}', 'text/plain')).toMatchObject({ code: 'MalformedPayload' });
  expect(await put('{}')).toMatchObject({ code: 'InputValidationError', message: expect.stringContaining("'metadata'") });
});

test("a pool's slash may be encoded or not", async () => {
  const { url } = await deployment();
  for (const name of ['a%2Fcold', 'a/cold']) {
    const reply = await fetch(`${url}/api/queue/v1/pending/${name}`);
    expect(await reply.json()).toMatchObject({ taskQueueId: 'a/cold', pendingTasks: 0 });
  }
});

test.each(['queue/v1/no/such/route', 'queue/v2/ping', 'queue/v1/task/%E0%A4%A', 'hooks/v1/ping'])(
  '%s is a 404 without a code',
  async (path) => {
    const { url } = await deployment();
    const reply = await fetch(`${url}/api/${path}`);
    expect([reply.status, await reply.json()]).toEqual([404, { error: 'Not found' }]);
  },
);

test('bad weather reaches the client: 5xx, refusals, and a connection that breaks', async () => {
  const create = async (fault: CallFault) => {
    const { world, queue } = await deployment({}, fault);
    const error = await queue.createTask(world.newId(), draft(world, 'a/warm')).then(
      () => undefined,
      (e: object) => e,
    );
    return { error, made: world.truth.tasks.size };
  };
  expect(await create({ kind: 'api-down', status: 502 })).toMatchObject({ error: { statusCode: 502 }, made: 0 });
  expect(await create({ kind: 'api-down', status: 500, applied: true })).toMatchObject({ error: { statusCode: 500 }, made: 1 });
  expect(await create({ kind: 'api-refuses', status: 403 })).toMatchObject({ error: { statusCode: 403 }, made: 0 });
  expect(await create({ kind: 'unresolvable' })).toMatchObject({ error: { code: 'ECONNRESET' }, made: 0 });
});

test('a slow answer is kept waiting by the clock that was handed in', async () => {
  const slept: number[] = [];
  const clock = clockOf(
    () => 0,
    async (instant) => void slept.push(instant),
  );
  const { queue } = await deployment({ clock }, { kind: 'api-slow', delay: 7 * SECOND });
  await queue.ping();
  expect(slept).toEqual([7 * SECOND]);
});

test('a taken port is an error, and a closed server is gone', async () => {
  const { world, url } = await deployment();
  const port = Number(new URL(url).port);
  const options = { port, clients: [], anonymousScopes: [], advance: () => undefined };
  await expect(serveTaskcluster(world, options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await closing.pop()?.();
  const socket = createConnection(port, '127.0.0.1');
  const [error] = await once(socket, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

test('an idle connection is kept for longer than anybody pauses who asks each few seconds', async () => {
  const { url } = await deployment();
  const answer = await fetch(`${url}/api/queue/v1/ping`);
  expect(answer.headers.get('keep-alive')).toBe('timeout=60');
});
