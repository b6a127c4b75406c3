import type { Blind } from '../../evidence/report.ts';
import { clean } from '../text.ts';
import { where } from './stall.ts';

/** That the watch over new workers sees nothing, where, and what it lacks, without a full stop. */
export function blindText(blind: Blind): string {
  const places = blind.overall ? 'every provider' : where(blind);
  return `the watch over new workers is blind at ${places}: ${blind.why.map(clean).join('; ')}`;
}
