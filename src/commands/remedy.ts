import type { Refusal } from '../evidence/fact.ts';
import { type Environment, variable } from './connect.ts';

/** What Taskcluster or the network said, and what to do about it. */
export function withRemedy(why: Refusal, detail: string, rootUrl: string, env: Environment): string {
  const remedy = remedyFor(why, detail, rootUrl, env);
  return remedy === undefined ? detail : `${detail}; ${remedy}`;
}

function remedyFor(why: Refusal, detail: string, rootUrl: string, env: Environment): string | undefined {
  if (why === 'unreachable') return `check TASKCLUSTER_ROOT_URL (${rootUrl}) and the network`;
  if (why === 'clock') return "set this machine's clock";
  if (why !== 'refused') return undefined;
  const clientId = variable(env, 'TASKCLUSTER_CLIENT_ID');
  if (clientId === undefined) return 'set TASKCLUSTER_CLIENT_ID and TASKCLUSTER_ACCESS_TOKEN';
  if (/\bscopes: /.test(detail)) return `give them to the client ${clientId}`;
  return `check TASKCLUSTER_CLIENT_ID (${clientId}), TASKCLUSTER_ACCESS_TOKEN and, with temporary credentials, TASKCLUSTER_CERTIFICATE`;
}
