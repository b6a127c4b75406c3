import { isStoreFault } from '../../../src/drill/scenario.ts';
import type { Night } from '../stage.ts';
import { channelTroubles } from './disturbances.ts';
import type { Alert } from './pages.ts';

/**
 * What was told as one because no workers came, and was lost with the store, Slack alone can tell: where it could not be told of it, or asked
 * after the loss, nobody knows that what is paged anew was told of within that page.
 */
export function isTornApart({ scenario }: Night, before: Alert, anew: Alert): boolean {
  const stalled = before.told.some(({ incident: { evidence } }) => evidence.kind === 'fleet' && evidence.stall !== undefined);
  const [from, until] = [before.opened.at, anew.opened.at];
  const lost = scenario.faults.filter(isStoreFault).some((loss) => loss.from >= from && loss.from <= until);
  return stalled && lost && channelTroubles(scenario, 'slack').some((down) => down.from <= until && down.until >= from);
}
