import { spoken } from '../../src/evidence/instant.ts';
import { livesIn, oneInFlight } from '../support/lives.ts';
import { Able } from './able.ts';
import { countsAgree, historyAgrees, inTime } from './canaries.ts';
import { DEPLOYMENT } from './deployment.ts';
import { endingsAreExpected } from './endings.ts';
import type { Soaked } from './soak.ts';
import { allIsTold, pagesAreTrue, slackAgrees, stuckIsPaged } from './telling.ts';

/** One promise, on what it was tried, and how it was broken. */
export interface Held {
  promise: string;
  over: string;
  broken: string[];
}

export function verdictOn(soaked: Soaked): Held[] {
  const lives = livesIn(soaked.world);
  const able = new Able(soaked);
  const canaries = [...lives.values()].flat().length;
  const { processes, pagerduty, slack, stored } = soaked;
  const paged = stuckIsPaged(soaked, lives, able);
  const slowest = spoken(Math.max(0, ...paged.delays));
  return [
    { promise: 'one canary a slot, one in flight', over: `${canaries} canaries`, broken: oneInFlight(lives, DEPLOYMENT) },
    {
      promise: 'submitted within an interval',
      over: `${Math.round(100 * able.share)} % of the time somebody could`,
      broken: inTime(lives, able, soaked),
    },
    {
      promise: 'counts equal those of the queue',
      over: `${canaries} canaries`,
      broken: [...countsAgree(lives, soaked), ...historyAgrees(lives, soaked)],
    },
    {
      promise: 'whatever is stuck is paged',
      over: `${paged.stretches} stuck canaries, slowest after ${slowest}`,
      broken: paged.wrong,
    },
    { promise: 'each page once, true, resolved', over: `${pagerduty.alerts.length} pages`, broken: pagesAreTrue(soaked, lives) },
    { promise: 'one message in Slack, its end shown', over: `${slack.posts.length} messages`, broken: slackAgrees(soaked) },
    { promise: 'everything told', over: `${stored.deliveries.length} deliveries`, broken: allIsTold(soaked) },
    { promise: 'no process ends unexpectedly', over: `${processes.length} processes`, broken: endingsAreExpected(soaked) },
  ];
}
