import hawk from 'hawk';
import { SECOND } from '../../evidence/instant.ts';
import { ApiError } from '../../world/api/error.ts';
import type { ScopeExpression } from '../../world/api/method.ts';
import { insufficient, satisfied } from '../../world/api/scopes.ts';
import { GREATEST_SKEW } from '../../world/call.ts';

interface Client {
  clientId: string;
  accessToken: string;
  /** What it may do, besides what everybody may; a scope that ends in `*` grants all that begin so. */
  scopes: string[];
}

export interface Guests {
  clients: readonly Client[];
  anonymousScopes: readonly string[];
}

/** A request as far as its signature is concerned. */
export interface Signed {
  method: string;
  /** Path and query, as sent. */
  url: string;
  host: string;
  authorization?: string;
  contentType: string;
  body: string;
}

/** Who calls, and so what they may do; a signature that does not hold gives no caller, even where nobody need sign. */
export type Caller = { clientId?: string; scopes: readonly string[] } | { refused: string };

/** Judges the signature as the auth service does, by the deployment's clock. */
export async function callerOf(request: Signed, { clients, anonymousScopes }: Guests, now: number): Promise<Caller> {
  const { authorization } = request;
  if (authorization === undefined) return { scopes: anonymousScopes };
  const [host = '', port = '80'] = request.host.split(':');
  try {
    const { credentials, artifacts } = await hawk.server.authenticate(
      { method: request.method, url: request.url, host, port: Number(port), authorization },
      (id) => credentialsOf(id, authorization, clients, anonymousScopes),
      // The deployment has a clock of its own, which hawk does not know: the time is judged below.
      { timestampSkewSec: Number.MAX_SAFE_INTEGER },
    );
    if (Math.abs(Number(artifacts.ts) * SECOND - now) > GREATEST_SKEW) return { refused: 'Unauthorized: Stale timestamp' };
    const computed = hawk.crypto.calculatePayloadHash(request.body, 'sha256', request.contentType);
    if (artifacts.hash && artifacts.hash !== computed) {
      return { refused: `Invalid payload hash: ${artifacts.hash}\nComputed payload hash: ${computed}` };
    }
    return { clientId: credentials.clientId, scopes: credentials.scopes };
  } catch (error) {
    return { refused: said(error) };
  }
}

/** Throws the refusal that the services give a caller who may not. */
export function authorize(caller: Caller, required: ScopeExpression): void {
  if ('refused' in caller) throw new ApiError('AuthenticationFailed', caller.refused);
  if (!satisfied(caller.scopes, required)) throw insufficient(caller.clientId, caller.scopes, required);
}

function credentialsOf(id: string, authorization: string, clients: readonly Client[], anonymousScopes: readonly string[]) {
  const client = clients.find(({ clientId }) => clientId === id);
  if (client === undefined) throw new Error(`Client with clientId '${id}' not found`);
  const { certificate, authorizedScopes } = extOf(authorization);
  if (certificate !== undefined) throw new Error('ext.certificate: this deployment takes no temporary credentials');
  const whole = [...new Set([...client.scopes, ...anonymousScopes])].sort();
  const { accessToken: key, clientId } = client;
  if (authorizedScopes === undefined) return { key, algorithm: 'sha256' as const, clientId, scopes: whole };
  if (!satisfied(whole, { AllOf: authorizedScopes })) {
    const list = (scopes: string[]) => `\`\`\`\n${scopes.join('\n')}\n\`\`\``;
    const lacks = 'Supplied credentials do not satisfy authorizedScopes; credentials have scopes:';
    throw new Error(`${lacks}\n\n${list(whole)}\n\nauthorizedScopes are:\n\n${list(authorizedScopes)}`);
  }
  return { key, algorithm: 'sha256' as const, clientId, scopes: [...authorizedScopes, ...anonymousScopes] };
}

function extOf(authorization: string): { certificate?: unknown; authorizedScopes?: string[] } {
  const { ext } = hawk.utils.parseAuthorizationHeader(authorization);
  if (ext === undefined || ext === '') return {};
  try {
    return JSON.parse(Buffer.from(ext, 'base64').toString('utf8'));
  } catch (cause) {
    throw new Error('Failed to parse ext', { cause });
  }
}

/** Hawk's own errors carry an HTTP answer, of which the services pass on the text. */
function said(error: unknown): string {
  const { isServer, output } = error as { isServer?: boolean; output?: { payload: { error: string; message?: string } } };
  if (isServer !== false || output === undefined) return error instanceof Error ? error.message : String(error);
  const { error: title, message } = output.payload;
  return message ? `${title}: ${message}` : title;
}
