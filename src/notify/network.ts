import type { Secret } from '../evidence/secret.ts';
import { gist } from './text.ts';

/** Errors of a connection that was never made, so that no request can have left. Codes of Node's net, dns and tls, and of undici. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** How deep a cause may be buried; fetch wraps once, a client around it twice. */
const DEPTH = 6;

/** A request that got no usable answer. `unreachable`: nothing was sent. `unsure`: it may have arrived and taken effect. */
export type Failure = { as: 'unreachable'; why: string } | { as: 'unsure'; why: string };

export function failure(error: unknown, secrets: readonly Secret[]): Failure {
  const chain = causes(error);
  const known = chain.find((each) => NEVER_CONNECTED.has(codeOf(each)));
  const root = known ?? chain.at(-1) ?? error;
  const code = codeOf(root);
  const said = gist(root, secrets);
  const why = code === '' || said.includes(code) ? said : `${code} ${said}`.trim();
  return { as: known === undefined ? 'unsure' : 'unreachable', why };
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let at = error; at instanceof Error && chain.length < DEPTH; at = at.cause) {
    chain.push(at);
    // Several addresses of one name were tried in turn: where one is refused, so are all that count.
    if (at instanceof AggregateError && at.cause === undefined) chain.push(...at.errors);
  }
  return chain;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
