import { SECOND } from '../evidence/instant.ts';
import type { Secret } from '../evidence/secret.ts';
import { type Failure, failure } from './network.ts';
import { retryAfter } from './retry-after.ts';

/** What became of one request. `answered`: there is a status; `wait` is what a `Retry-After` asks for, in milliseconds. */
export type PostReply = { as: 'answered'; status: number; body: string; wait?: number } | Failure;

interface Parcel {
  url: string;
  headers?: Record<string, string>;
  /** JSON. */
  body: string;
  /** Milliseconds until a request without an answer is given up; default 10 s. */
  timeout?: number;
  /** What must not be quoted from an error. */
  secrets?: readonly Secret[];
}

/** Far more than a reason takes; who answers with more than this is not read to the end. */
const READ_AT_MOST = 64 * 1024;

/**
 * Posts JSON, once. Never rejects. A redirect is not followed but answered as it is: keys and signatures go to the configured address
 * alone.
 */
export async function postJson({ url, headers, body, timeout = 10 * SECOND, secrets = [] }: Parcel): Promise<PostReply> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    });
    const asked = response.headers.get('retry-after');
    const wait = asked === null ? {} : { wait: retryAfter(asked, response.headers.get('date')) };
    return { as: 'answered', status: response.status, body: await beginning(response), ...wait };
  } catch (error) {
    return failure(error, secrets);
  }
}

/** The status says all that matters; a body that breaks off or stalls takes nothing back. */
async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let read = 0;
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk.subarray(0, READ_AT_MOST - read), { stream: true });
      read += chunk.length;
      // Leaving the loop cancels the rest of the body.
      if (read >= READ_AT_MOST) break;
    }
  } catch {
    // What was read so far will do.
  }
  return text + decoder.decode();
}
