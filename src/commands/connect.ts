import { readFileSync } from 'node:fs';
import { Secret } from '../evidence/secret.ts';
import { UsageError } from '../io.ts';
import type { Clock, Taskcluster } from '../ports.ts';
import type { Call } from '../taskcluster/call.ts';
import { CredentialsError, type HttpCallOptions, httpCall } from '../taskcluster/client.ts';
import { taskclusterDoor } from '../taskcluster/door.ts';

export type Environment = Record<string, string | undefined>;

/**
 * A variable, or the trimmed content of the file that `<name>_FILE` names; an empty variable counts as unset.
 * @throws {UsageError} where that file cannot be read or is empty
 */
export function variable(env: Environment, name: string): string | undefined {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return undefined;
  const content = read(`${name}_FILE`, file).trim();
  if (content === '') throw new UsageError(`${name}_FILE names an empty file: ${file}; write the value into it`);
  return content;
}

function read(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`${name} names a file that cannot be read: ${file}; check the path and its permissions`, { cause });
  }
}

/**
 * The deployment that `TASKCLUSTER_ROOT_URL` names, without a slash at its end.
 * @throws {UsageError} where it names none
 */
export function rootUrlFrom(env: Environment): string {
  const rootUrl = variable(env, 'TASKCLUSTER_ROOT_URL');
  if (rootUrl === undefined)
    throw new UsageError(
      'TASKCLUSTER_ROOT_URL is not set; set it to the deployment, such as https://firefox-ci-tc.services.mozilla.com',
    );
  // What stands there is not repeated: it may hold a password.
  if (!/^https?:\/\/[^/@?#\s]+\/?$/.test(rootUrl))
    throw new UsageError('TASKCLUSTER_ROOT_URL is not a root URL; write it as https://host, without user, path or query');
  return rootUrl.replace(/\/$/, '');
}

/**
 * The door to the deployment at `rootUrl`, with the credentials that Taskcluster's own tools read; anonymous without them.
 * `timeout` is how long to wait for one answer, in milliseconds; `onCall` is told of every request.
 * @throws {UsageError} where the credentials are incomplete or cannot be read
 */
export function connect(
  rootUrl: string,
  env: Environment,
  clock: Clock,
  timeout: number,
  onCall?: HttpCallOptions['onCall'],
): Taskcluster {
  const clientId = variable(env, 'TASKCLUSTER_CLIENT_ID');
  const accessToken = variable(env, 'TASKCLUSTER_ACCESS_TOKEN');
  const certificate = variable(env, 'TASKCLUSTER_CERTIFICATE');
  if ((clientId === undefined) !== (accessToken === undefined)) {
    const lacking = clientId === undefined ? 'TASKCLUSTER_CLIENT_ID' : 'TASKCLUSTER_ACCESS_TOKEN';
    throw new UsageError(
      `TASKCLUSTER_CLIENT_ID and TASKCLUSTER_ACCESS_TOKEN go together; set ${lacking} too, or neither to ask anonymously`,
    );
  }
  const credentials =
    clientId !== undefined && accessToken !== undefined
      ? {
          clientId,
          accessToken: new Secret(accessToken),
          ...(certificate !== undefined && { certificate: new Secret(certificate) }),
        }
      : undefined;
  return taskclusterDoor(
    open({ rootUrl, clock, timeout, ...(credentials && { credentials }), ...(onCall && { onCall }) }),
    clock,
  );
}

function open(options: HttpCallOptions): Call {
  try {
    return httpCall(options);
  } catch (cause) {
    if (!(cause instanceof CredentialsError)) throw cause;
    throw new UsageError(
      'TASKCLUSTER_CERTIFICATE is not a JSON object; set it as `taskcluster signin` prints it, or unset it for permanent credentials',
      { cause },
    );
  }
}
