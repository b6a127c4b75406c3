import { oneInFlight as brokenBy } from '../../support/lives.ts';
import type { Night } from '../stage.ts';

export function oneInFlight({ canaries, config }: Night): string[] {
  return brokenBy(canaries, config.deployment);
}
