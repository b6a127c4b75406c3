import type { CapacityEvidence, Incident } from '../../evidence/incident.ts';
import { clockTime } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { causeWords } from './cause.ts';
import { lasted } from './lasted.ts';
import { LOOK } from './remedies.ts';

/** The words for what worker-manager's figures tell of a pool by themselves. */
export function capacityWords(incident: Incident, { pool, since }: CapacityEvidence) {
  const cause = causeWords(incident);
  const seen =
    incident.ended === undefined
      ? `Seen in the pool's figures since ${clockTime(since)} UTC, for ${lasted(incident)}`
      : `Over after ${lasted(incident)}`;
  return {
    headline: `${clean(pool)}: ${end(incident) ?? cause?.trouble ?? 'its workers are not as they should be'}`,
    reason: cause === undefined ? seen : `${cause.proof}. ${seen}`,
    advice: cause?.advice ?? LOOK,
    ...(cause?.detail !== undefined && { detail: cause.detail }),
  };
}

function end({ end: how, ended }: Incident): string | undefined {
  if (how === 'withdrawn') return 'no longer watched';
  return ended === undefined ? undefined : 'its workers are as they should be again';
}
