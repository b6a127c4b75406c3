import type { ChannelKind, Fault, Kill, Scenario } from '../../../src/drill/scenario.ts';
import { isChannelFault, isProberFault } from '../../../src/drill/scenario.ts';
import { MINUTE, SECOND } from '../../../src/evidence/instant.ts';

export interface Interval {
  from: number;
  until: number;
}

/** A dead or sleeping process may hold a delivery for so long before another takes it over. */
const CLAIM = MINUTE;
/** The longest that is waited after a try that failed; a channel that refused for good is tried again later still. */
const BACKOFF = MINUTE;
const REFUSED_AGAIN = 5 * MINUTE;
/** From an answer of the channel's, which may itself be late, to the next try. */
const SLACK = 30 * SECOND;

/** When a kind of channel may not be told, for a reason of its own. */
export function channelTroubles({ faults }: Scenario, kind: ChannelKind): Interval[] {
  return faults.filter(isChannelFault).flatMap((fault) => {
    if (fault.channels?.includes(kind) === false) return [];
    const refuses = fault.kind === 'channel-down' && fault.how === 'refuses';
    const after = fault.kind === 'channel-limits' ? fault.retryAfter : refuses ? REFUSED_AGAIN : 0;
    return [{ from: fault.from, until: fault.until + Math.max(after, BACKOFF) + SLACK }];
  });
}

/** When asking may have failed. */
export function callTroubles({ faults }: Pick<Scenario, 'faults'>): Interval[] {
  return faults.filter(isCallFault).map(({ from, until }) => ({ from, until: until + SLACK }));
}

export function isCallFault({ kind }: Fault): boolean {
  return kind.startsWith('api-') || kind === 'unresolvable';
}

/** When no process may have been at work, and when one that was struck may have kept the others from it. */
export function proberTroubles({ faults, prober }: Scenario): Interval[] {
  const own = faults.filter(isProberFault);
  const skewed = own
    .filter(({ kind }) => kind === 'clock-skewed')
    .map(({ from, until }) => ({ from, until: until + CLAIM + SLACK }));
  const out = own.filter(({ kind }) => kind !== 'clock-skewed');
  const held = out.map((fault) => ({ from: fault.from, until: (isAtEffect(fault) ? fault.until : fault.from) + CLAIM + SLACK }));
  const dead = out.map(({ from, until }) => ({ from, until: until + SLACK }));
  return [...skewed, ...held, ...((prober.replicas ?? 1) === 1 ? dead : allOut(out, prober.replicas ?? 1))];
}

function isAtEffect(fault: Fault): boolean {
  if (fault.kind !== 'prober-killed') return false;
  const { nth, effect, point }: Kill = fault;
  return nth !== undefined || effect !== undefined || point !== undefined;
}

/** While every replica is struck. */
function allOut(faults: readonly (Interval & { replica?: number })[], replicas: number): Interval[] {
  const edges = [...new Set(faults.flatMap(({ from, until }) => [from, until]))].sort((a, b) => a - b);
  return edges.slice(0, -1).flatMap((from, i) => {
    const out = new Set(faults.filter((fault) => fault.from <= from && from < fault.until).map(({ replica = 1 }) => replica));
    return out.size < replicas ? [] : [{ from, until: (edges[i + 1] ?? from) + SLACK }];
  });
}

/** The first instant from `from` on that is followed by a calm of such length. */
export function calmFrom(from: number, length: number, troubles: readonly Interval[]): number {
  let at = from;
  for (let moved = true; moved; ) {
    const struck = troubles.find((trouble) => trouble.from < at + length && at < trouble.until);
    moved = struck !== undefined;
    at = struck?.until ?? at;
  }
  return at;
}
