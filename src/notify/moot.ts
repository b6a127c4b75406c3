import type { Message } from '../evidence/delivery.ts';

/**
 * Whether a route that has heard nothing of the incident need not hear of it any more: it is not addressed now, or the incident goes on
 * in another, which is told by itself, or was over when it was worked out anew, or before its first notice was due.
 */
export function isMoot({ incident, manner }: Message): boolean {
  const { end, ended, relived, unheard } = incident;
  if (manner === undefined || end === 'folded' || unheard) return true;
  return ended !== undefined && relived !== undefined && ended <= relived;
}
