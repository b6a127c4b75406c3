import type { Service } from '../../taskcluster/call.ts';
import type { World } from '../world.ts';
import { ApiError, errorReply } from './error.ts';
import type { Method, Request, ScopeExpression } from './method.ts';
import { poolMethods } from './pools.ts';
import { queueCountMethods } from './queue-counts.ts';
import { queueTaskMethods } from './queue-tasks.ts';
import { queueWorkerMethods, seenWorkerMethods } from './seen-workers.ts';
import { workerMethods } from './workers.ts';

export const METHODS: Record<Service, ReadonlyMap<string, Method>> = {
  queue: new Map(Object.entries({ ...queueTaskMethods, ...queueCountMethods, ...queueWorkerMethods })),
  workerManager: new Map(Object.entries({ ...poolMethods, ...workerMethods, ...seenWorkerMethods })),
};

export interface More {
  payload?: unknown;
  query?: Record<string, string>;
  /** Default: everybody may do everything. */
  authorize?: (required: ScopeExpression) => void;
}

const SLUG = /^[A-Za-z0-9_-]{8}[Q-T][A-Za-z0-9_-][CGKOSWaeimquy26-][A-Za-z0-9_-]{10}[AQgw]$/;
const NAME = /^[a-zA-Z0-9-_]{1,38}$/;
const POOL = /^[a-zA-Z0-9-_]{1,38}\/[a-z]([-a-z0-9]{0,36}[a-z0-9])?$/;
const WORKER = { workerGroup: NAME, workerId: NAME };
/** Worker-manager looks at no provisioner's or worker type's name. */
const PARAMS: Record<Service, Record<string, RegExp>> = {
  queue: { taskId: SLUG, taskGroupId: SLUG, taskQueueId: POOL, provisionerId: NAME, workerType: NAME, ...WORKER },
  workerManager: { workerPoolId: POOL, ...WORKER },
};

/** Answers as the service does, its checks in its order: scopes that the path tells, path, query, payload, and then the method's own. */
export function answer(
  world: World,
  service: Service,
  name: string,
  args: string[],
  more: More,
): { status: number; body: unknown } {
  const method = METHODS[service].get(name);
  if (method === undefined) return { status: 404, body: { error: 'Not found' } };
  const { query = {}, payload = {}, authorize = () => undefined } = more;
  const params = Object.fromEntries(method.params.map((param, at) => [param, args[at] ?? '']));
  const request: Request = { params, query, payload, authorize };
  try {
    if (method.scopes) authorize(method.scopes(params));
    checkParams(params, PARAMS[service]);
    checkQuery(query, method.query ?? {});
    if (method.input) request.payload = method.input(payload, world.rootUrl);
    return { status: 200, body: method.run(world, request) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return errorReply(error, { method: name, params, payload: request.payload, now: world.now });
  }
}

function checkParams(params: Record<string, string>, known: Record<string, RegExp>): void {
  const wrong = Object.entries(params).filter(([name, value]) => known[name]?.test(value) === false);
  if (wrong.length === 0) return;
  const said = wrong.map(
    ([name, value]) => `URL parameter '${name}' given as '${value}' must match regular expression: '${known[name]}'`,
  );
  throw new ApiError('InvalidRequestArguments', `Invalid URL patterns:\n${said.join('\n')}`);
}

function checkQuery(query: Record<string, string>, known: Record<string, RegExp>): void {
  const wrong = Object.entries(query).flatMap(([name, value]) => {
    const pattern = known[name];
    if (pattern === undefined) return [`Query-string parameter: ${name} is not supported!`];
    return pattern.test(value) ? [] : [`Query-string parameter: ${name}="${value}" does not match expression: ${pattern}`];
  });
  if (wrong.length > 0) throw new ApiError('InvalidRequestArguments', wrong.join('\n'));
}
