import type { Service } from '../../taskcluster/call.ts';

const WORKERS = '/provisioners/<provisionerId>/worker-types/<workerType>/workers';

/** Verb, path, and the method that answers it. `<name>` is one part of the path, `<*name>` may hold slashes. First match wins. */
const TABLE: Record<string, { service: Service; routes: [verb: string, path: string, method: string][] }> = {
  'queue/v1': {
    service: 'queue',
    routes: [
      ['GET', '/ping', 'ping'],
      ['PUT', '/task/<taskId>', 'createTask'],
      ['GET', '/task/<taskId>', 'task'],
      ['GET', '/task/<taskId>/status', 'status'],
      ['POST', '/tasks/status', 'statuses'],
      ['POST', '/task/<taskId>/cancel', 'cancelTask'],
      ['POST', '/task/<taskId>/priority', 'changeTaskPriority'],
      ['GET', '/task-group/<taskGroupId>/list', 'listTaskGroup'],
      ['POST', '/task-group/<taskGroupId>/seal', 'sealTaskGroup'],
      ['GET', '/pending/<*taskQueueId>', 'pendingTasks'],
      ['GET', '/task-queues/<*taskQueueId>/counts', 'taskQueueCounts'],
      ['GET', '/task-queues/<*taskQueueId>/pending', 'listPendingTasks'],
      ['GET', '/task-queues/<*taskQueueId>/claimed', 'listClaimedTasks'],
      ['PUT', `${WORKERS}/<workerGroup>/<workerId>`, 'quarantineWorker'],
    ],
  },
  'worker-manager/v1': {
    service: 'workerManager',
    routes: [
      ['GET', '/ping', 'ping'],
      ['GET', '/worker-pool/<*workerPoolId>', 'workerPool'],
      ['GET', '/worker-pools', 'listWorkerPools'],
      ['GET', '/worker-pools/stats', 'listWorkerPoolsStats'],
      ['GET', '/worker-pool-errors/stats', 'workerPoolErrorStats'],
      ['GET', '/worker-pool-errors/<*workerPoolId>', 'listWorkerPoolErrors'],
      ['GET', '/workers/<workerPoolId>/<workerGroup>/<workerId>', 'worker'],
      ['GET', '/workers/<*workerPoolId>', 'listWorkersForWorkerPool'],
      ['GET', WORKERS, 'listWorkers'],
      ['GET', `${WORKERS}/<workerGroup>/<workerId>`, 'getWorker'],
    ],
  },
};

const ROUTES = Object.entries(TABLE).flatMap(([base, { service, routes }]) =>
  routes.map(([verb, path, method]) => ({ verb, service, method, pattern: patternOf(`/api/${base}${path}`) })),
);

export interface Route {
  service: Service;
  method: string;
  args: string[];
}

/** Finds the method for a request; undefined where there is none, or where the path is no valid text. */
export function routeFor(verb: string, path: string): Route | undefined {
  for (const { pattern, service, method, ...route } of ROUTES) {
    const match = route.verb === verb ? pattern.exec(path) : null;
    if (match === null) continue;
    try {
      return { service, method, args: match.slice(1).map(decodeURIComponent) };
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/<(\*?)\w+>/g, (_, many) => (many === '*' ? '(.+)' : '([^/]+)'))}$`);
}
