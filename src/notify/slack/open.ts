import type { Logger, LogLevel } from '@slack/web-api';
import { SECOND } from '../../evidence/instant.ts';
import type { Secret } from '../../evidence/secret.ts';
import type { Log } from '../../ports.ts';
import { failure } from '../network.ts';
import { retryAfter } from '../retry-after.ts';
import { gist } from '../text.ts';
import { replyOfBody, replyOfStatus, type SlackCall, type SlackReply } from './reply.ts';

interface SlackDoor {
  token: Secret;
  /** Slack's Web API, with or without its last slash. */
  apiUrl: string;
  log: Log;
  /** Milliseconds until a call without an answer is given up; default 10 s. The client's own default is never. */
  timeout?: number;
}

/**
 * The official client with what it would do by itself turned off: it waits for ever, sends a post again after a lost answer
 * (which posts twice), and stops all its calls while one is rate limited.
 */
export async function openSlack({ token, apiUrl, log, timeout = 10 * SECOND }: SlackDoor): Promise<SlackCall> {
  const slack = await import('@slack/web-api');
  const client = new slack.WebClient(token.reveal(), {
    slackApiUrl: apiUrl,
    timeout,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    allowAbsoluteUrls: false,
    fetch: fetchWithWait,
    logger: quiet(log, token),
  });
  const replyOfError = (error: unknown): SlackReply => {
    if (error instanceof slack.WebAPIPlatformError) return replyOfBody(error.data, [token]);
    if (error instanceof slack.WebAPIRateLimitedError) return { as: 'limited', after: error.retryAfter * SECOND };
    if (error instanceof slack.WebAPIHTTPError) return replyOfStatus(error.statusCode);
    return failure(error, [token]);
  };
  return (method, args) => client.apiCall(method, args).then((body) => replyOfBody(body), replyOfError);
}

/** The client understands `Retry-After` in whole seconds only, and takes a 429 without it for a failure of another kind. */
const fetchWithWait: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status !== 429) return response;
  const wait = retryAfter(response.headers.get('retry-after'), response.headers.get('date'));
  const headers = new Headers(response.headers);
  headers.set('retry-after', String(Math.ceil(wait / SECOND)));
  return new Response(response.body, { status: 429, headers });
};

/** The client's debug lines hold whole requests, so they go nowhere; the rest is only a hint, for every outcome is returned. */
function quiet(log: Log, token: Secret): Logger {
  const level = 'warn' as LogLevel;
  const note = (...said: unknown[]) => log.debug({ library: '@slack/web-api' }, gist(said.map(String).join(' '), [token]));
  return { debug() {}, info() {}, warn: note, error: note, setLevel() {}, setName() {}, getLevel: () => level };
}
