import type { Incident } from '../../evidence/incident.ts';
import type { State } from '../../evidence/state.ts';
import { isQueueing } from '../causes/cause.ts';

export interface Stretch {
  from: number;
  /** The first instant after it; Infinity while it lasts. */
  until: number;
}

/** What there was besides canaries. */
export interface Surroundings {
  /** Definitions of pools, for what those that go bad together have in common; what was read of them later says nothing of then. */
  pools: State['pools'];
  silences: State['silences'];
  /** In which the queue did not answer, oldest first: nothing was known of any canary before their end. */
  gaps: readonly Stretch[];
  /** In which a probe's pool was seen to have a queue and to move, so that nobody was paged of it. */
  queues: readonly (Stretch & { probe: string })[];
  /** In which no worker of a provider came to be, as an incident told: pools that went bad meanwhile went on in that. */
  stalls: readonly (Stretch & { incident: Incident })[];
}

/** What the store keeps of it: the state as it is now, and incidents of the time. Readings are not kept, only what incidents said of them. */
export function surroundingsOf({ pools, silences, watch }: State, incidents: readonly Incident[]): Surroundings {
  return {
    pools,
    silences,
    gaps: gapsOf(watch, incidents),
    queues: incidents.flatMap(({ evidence, cause, level, since, ended = Number.POSITIVE_INFINITY }) =>
      evidence.kind === 'pool' && level === 'warn' && isQueueing(cause)
        ? [{ probe: evidence.probe, from: since, until: ended }]
        : [],
    ),
    stalls: incidents.flatMap(stallsOf),
  };
}

/** The watch keeps the last of them; of older ones tell the incidents that said so. */
function gapsOf({ gaps }: State['watch'], incidents: readonly Incident[]): Stretch[] {
  const kept = gaps.map(({ from, to }) => ({ from, until: to }));
  const told = incidents.flatMap(({ cause, since, ended }) =>
    cause === 'queue-unreachable' && ended !== undefined ? [{ from: since, until: ended }] : [],
  );
  const missing = told.filter((one) => kept.every(({ from, until }) => until <= one.from || one.until <= from));
  return [...kept, ...missing].sort((a, b) => a.from - b.from);
}

/** A new worker ends it, though pools that are bad still may keep its incident open. */
function stallsOf(incident: Incident): Surroundings['stalls'] {
  if (!incident.anchor.startsWith('provider:') || incident.evidence.kind !== 'fleet') return [];
  const stalls: (Stretch & { incident: Incident })[] = [];
  for (const { at, what, text } of incident.timeline) {
    const last = stalls.at(-1);
    const standing = last !== undefined && last.until === Number.POSITIVE_INFINITY;
    if (!standing && (what === 'opened' || what === 'reopened' || what === 'flapping'))
      stalls.push({ incident, from: at, until: Number.POSITIVE_INFINITY });
    else if (standing && (what === 'resolved' || text.startsWith('workers come to be again'))) last.until = at;
  }
  return stalls;
}
