import type { Night } from '../stage.ts';
import { countsAreTrue } from './counts-are-true.ts';
import { lossWakesNobody } from './loss-wakes-nobody.ts';
import { noFalsePage } from './no-false-page.ts';
import { oneInFlight } from './one-in-flight.ts';
import { pagesEnd } from './pages-end.ts';
import { allIsOver, slackAgrees } from './slack-agrees.ts';
import { stuckIsPaged } from './stuck-is-paged.ts';
import { toldToItsPeople } from './told-to-its-people.ts';

const INVARIANTS: Record<string, (night: Night) => string[]> = {
  'one in flight': oneInFlight,
  'stuck is paged': stuckIsPaged,
  'no false page': noFalsePage,
  'told to its people': toldToItsPeople,
  'pages end': pagesEnd,
  'Slack agrees': slackAgrees,
  'all is over': allIsOver,
  'counts are true': countsAreTrue,
  'a lost store wakes nobody': lossWakesNobody,
};

/** Every promise that the night broke, in words; empty where all were kept. */
export function broken(night: Night): string[] {
  return Object.entries(INVARIANTS).flatMap(([name, check]) => check(night).map((what) => `${name}: ${what}`));
}
