import { instantOf, SECOND } from '../evidence/instant.ts';
import { isObject } from '../evidence/object.ts';
import type { Secret } from '../evidence/secret.ts';
import type { Clock } from '../ports.ts';
import type { Call, Reply, Service } from './call.ts';
import { type Exchange, observed } from './exchange.ts';

/** Connections kept open to each of the two services. */
const SOCKETS = 32;

interface Credentials {
  clientId: string;
  accessToken: Secret;
  /** JSON, with temporary credentials only. */
  certificate?: Secret;
}

export interface HttpCallOptions {
  rootUrl: string;
  clock: Clock;
  /** Anonymous without. */
  credentials?: Credentials;
  /** Milliseconds for a request and its whole answer; 30 s by default. */
  timeout?: number;
  /** Narrows what the calls may do; ignored on anonymous ones. */
  authorizedScopes?: string[];
  /** Told of every HTTP request, for counting: its status, 0 where there was no answer, and how long it took in milliseconds. */
  onCall?: (service: Service, method: string, status: number, ms: number) => void;
}

/** Credentials that cannot be used, whatever the deployment thinks of them. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/**
 * Calls over HTTP with the official client. No retries: a failure is what we are here to see.
 * @throws {CredentialsError} where the certificate is not JSON.
 */
export function httpCall(options: HttpCallOptions): Call {
  const { clock, onCall } = options;
  const open = opener(options);
  const scrub = scrubber(options.credentials);
  let opened: ReturnType<typeof open> | undefined;

  async function attempt(...[service, method, args, more]: Parameters<Call>): Promise<{ reply: Reply; stale: boolean }> {
    opened ??= open();
    const client = (await opened)[service];
    const exchange: Exchange = {};
    const sent = clock.now();
    const given = [...args, ...(more?.payload === undefined ? [] : [more.payload]), ...(more?.query ? [more.query] : [])];
    const reply = await observed(exchange, async () => client[method]?.(...given)).then(
      (body) => ({ status: exchange.response?.statusCode ?? 200, body }),
      (error: unknown) => failed(error, exchange, scrub),
    );
    onCall?.(service, method, reply.status, clock.now() - sent);
    const date = instantOf(exchange.response?.headers.date ?? '');
    return {
      reply: Number.isNaN(date) || reply.status === 0 ? reply : { ...reply, date },
      stale:
        reply.status === 0 && exchange.request?.reusedSocket === true && exchange.response === undefined && isReset(reply.body),
    };
  }

  return async (...call) => {
    let { reply, stale } = await attempt(...call);
    // A service or proxy closed an idle connection as we took it up again, which says nothing about it, and may have done so with all that
    // are kept. Every call here may be repeated.
    for (let kept = SOCKETS; stale && kept > 0; kept--) ({ reply, stale } = await attempt(...call));
    return reply;
  };
}

/** Importing the client takes 200 ms, so it waits for the first call. */
function opener({ rootUrl, credentials, authorizedScopes, timeout = 30 * SECOND }: HttpCallOptions) {
  const options = {
    rootUrl,
    timeout,
    retries: 0,
    credentials: credentials ? revealed(credentials) : {},
    ...(authorizedScopes && { authorizedScopes }),
    agent: { keepAlive: true, maxSockets: SOCKETS },
  };
  return async () => {
    const { clients } = await import('@taskcluster/client');
    return { queue: new clients.Queue(options), workerManager: new clients.WorkerManager(options) };
  };
}

function revealed({ clientId, accessToken, certificate }: Credentials) {
  return { clientId, accessToken: accessToken.reveal(), ...(certificate && { certificate: parsed(certificate) }) };
}

function parsed(certificate: Secret): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(certificate.reveal());
  } catch {
    // The parser's error quotes what it read, so it is not kept as the cause.
  }
  if (!isObject(value)) throw new CredentialsError('the certificate of the Taskcluster credentials is not a JSON object');
  return value;
}

function failed(error: unknown, { response }: Exchange, scrub: (text: string) => string): Reply {
  const { statusCode, code, body, message } = Object(error) as Record<string, unknown>;
  const said = isObject(body) && typeof body['message'] === 'string' ? { message: scrub(body['message']) } : {};
  // Of an error's body only these two are kept: the rest repeats the request.
  if (typeof statusCode === 'number')
    return { status: statusCode, body: isObject(body) ? { code: body['code'], ...said } : undefined };
  if (response?.complete) return { status: response.statusCode ?? 0, body: undefined };
  if (response) return { status: 0, body: { code: 'INCOMPLETE', message: 'the answer broke off, or did not end in time' } };
  return { status: 0, body: { code: typeof code === 'string' ? code : 'ERROR', message: scrub(String(message ?? error)) } };
}

function isReset(body: unknown): boolean {
  return isObject(body) && (body['code'] === 'ECONNRESET' || body['code'] === 'EPIPE');
}

function scrubber(credentials: Credentials | undefined): (text: string) => string {
  const secrets = [credentials?.accessToken, credentials?.certificate].flatMap((secret) => secret?.reveal() || []);
  return (text) =>
    secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text).replace(/\bHawk\s+\w+=[^\n]*/gi, '[secret]');
}
