import type { Message } from '../evidence/delivery.ts';

/**
 * Whether a route that has heard nothing of the incident need not hear of it any more: it is not addressed now, or the incident goes on
 * in another, which is told by itself, or was over when it was worked out anew.
 */
export function isMoot({ incident, manner }: Message): boolean {
  const { end, ended, relived } = incident;
  return manner === undefined || end === 'folded' || (ended !== undefined && relived !== undefined && ended <= relived);
}
