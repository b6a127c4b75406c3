import { MINUTE, SECOND } from '../evidence/instant.ts';
import type { Clock } from '../ports.ts';
import type { Call, Reply, Service } from '../taskcluster/call.ts';
import { METHODS, type More } from './api/answer.ts';
import { ApiError, errorReply } from './api/error.ts';
import type { ScopeExpression } from './api/method.ts';
import { insufficient } from './api/scopes.ts';
import type { Weather } from './weather.ts';
import type { World } from './world.ts';

/** The services refuse a request that was signed by a clock this far from theirs. */
export const GREATEST_SKEW = 15 * MINUTE;
/** What the official client waits for an answer. */
const TIMEOUT = 30 * SECOND;

export interface InProcess {
  /** The longest that a caller waits, in milliseconds. Default: 30 s, as the official client does. */
  timeout?: number;
  /** Brings the world to the present before a call. Default: to the clock's instant. */
  advance?: () => void;
}

/** The deployment without a network between: calls meet its weather, and those of a clock too far off are refused. */
export function worldCall(world: World, clock: Clock, options: InProcess = {}): Call {
  const { timeout = TIMEOUT, advance = () => world.advanceTo(clock.now()) } = options;
  return async (service, method, args, more) => {
    advance();
    if (Math.abs(clock.now() - world.now) > GREATEST_SKEW)
      return world.call(service, method, args, { ...more, authorize: stale });
    const weather = world.weather(service, method);
    if (weather.is === 'unresolved') return nothing('ENOTFOUND', `getaddrinfo ENOTFOUND (${service})`);
    const reply = enact(world, weather, service, method, args, more);
    await clock.sleepUntil(clock.now() + Math.min(weather.delay, timeout));
    return weather.delay > timeout ? nothing('ECONNABORTED', `No answer within ${timeout} ms`) : reply;
  };
}

function nothing(code: string, message: string): Reply {
  return { status: 0, body: { code, message } };
}

/** Has a call meet the weather: its effect, if it has any, and its answer. The delay is the caller's to keep. */
export function enact(
  world: World,
  weather: Exclude<Weather, { is: 'unresolved' }>,
  service: Service,
  method: string,
  args: string[],
  more: More = {},
): Reply {
  if (weather.is === 'fair') return world.call(service, method, args, more);
  if (weather.is === 'refused') {
    return world.call(service, method, args, { ...more, authorize: weather.status === 401 ? unauthenticated : unauthorized });
  }
  if (weather.applied) world.call(service, method, args, more);
  const { status } = weather;
  if (status !== 500) return { status, body: `<html><body><h1>${status}</h1></body></html>`, ...dated(world) };
  const error = new ApiError('InternalServerError', `Internal Server Error, incidentId ${world.newId()}.`);
  const params = Object.fromEntries((METHODS[service].get(method)?.params ?? []).map((name, at) => [name, args[at] ?? '']));
  return { ...errorReply(error, { method, params, payload: more.payload ?? {}, now: world.now }), ...dated(world) };
}

function stale(): void {
  throw new ApiError('AuthenticationFailed', 'Unauthorized: Stale timestamp');
}

function unauthenticated(): void {
  throw new ApiError('AuthenticationFailed', 'Unauthorized: Bad mac');
}

function unauthorized(required: ScopeExpression): void {
  throw insufficient('refused', [], required);
}

function dated(world: World): { date: number } {
  return { date: Math.floor(world.now / SECOND) * SECOND };
}
