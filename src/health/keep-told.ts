import type { Message, RouteId, Told } from '../evidence/delivery.ts';
import type { Incident } from '../evidence/incident.ts';
import { MINUTE, SECOND } from '../evidence/instant.ts';
import { gist } from '../notify/text.ts';
import type { Channel, Clock, Log } from '../ports.ts';

/** A refusal may be mended in the channel without our hearing of it. */
const RETRY_REFUSED = 5 * MINUTE;

/** An incident that lives in memory alone, as those who tell of it follow it. */
export class Matter {
  incident: Incident;
  #changed = new AbortController();

  constructor(incident: Incident) {
    this.incident = incident;
  }

  /** Aborted at the next revision. */
  get changed(): AbortSignal {
    return this.#changed.signal;
  }

  put(incident: Incident): void {
    this.incident = incident;
    this.#changed.abort();
    this.#changed = new AbortController();
  }
}

export interface Telling {
  clock: Clock;
  log: Log;
  deployment: string;
  rootUrl: string;
}

/** What a courier is for a stored delivery: tells one route each revision, until the end was told or `stop` is aborted. Never rejects. */
export async function keepTold(
  matter: Matter,
  [route, channel]: [RouteId, Channel],
  { clock, log, deployment, rootUrl }: Telling,
  stop: AbortSignal,
): Promise<void> {
  let ref: string | undefined;
  let doubt = false;
  let attempts = 0;
  let shown = 0;
  while (!stop.aborted) {
    const { incident, changed } = matter;
    if (shown === incident.revision) {
      if (incident.ended !== undefined) return;
      await clock.sleepUntil(Number.POSITIVE_INFINITY, AbortSignal.any([stop, changed]));
      continue;
    }
    const manner = incident.addressed[route];
    const message: Message = { deployment, rootUrl, incident, ...(manner && { manner }) };
    // A fault of ours in one step must not end the telling.
    const told: Told = await channel
      .tell(message, ref, doubt)
      .catch((error: unknown): Told => ({ as: 'unsure', why: gist(error) }));
    if (told.as === 'accepted') {
      ref = told.ref;
      doubt = false;
      attempts = 0;
      if (!told.more) shown = incident.revision;
    } else {
      doubt ||= told.as === 'unsure';
      log.warn({ route, incident: incident.id, why: told.why }, 'that the store fails could not be told yet, trying again');
      await clock.sleepUntil(clock.now() + pauseAfter(told, attempts++), stop);
    }
  }
}

/** Doubling from a second to a minute, or what the channel asks for where that is longer. */
function pauseAfter(told: Exclude<Told, { as: 'accepted' }>, attempts: number): number {
  if (told.as === 'refused') return RETRY_REFUSED;
  const backoff = Math.min(MINUTE, SECOND * 2 ** Math.min(attempts, 6));
  return told.as === 'later' ? Math.max(told.after, backoff) : backoff;
}
