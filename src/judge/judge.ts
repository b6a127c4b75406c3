import type { Change } from '../evidence/change.ts';
import type { Fact } from '../evidence/fact.ts';
import type { Config } from '../evidence/probe.ts';
import type { State } from '../evidence/state.ts';
import { judgeAsking } from './ask.ts';
import { judgeBudgets } from './budgets.ts';
import { followCalls } from './degraded.ts';
import { Docket, type Rules } from './docket.ts';
import { decideDue, recoverDays } from './due.ts';
import { takeIn } from './facts.ts';
import { judgePools } from './pools.ts';
import { tellOfPools } from './tell.ts';
import { followAsking } from './troubles.ts';
import { hearChannels, letGo } from './unseen.ts';
import { keepUp } from './upkeep.ts';
import { judgeVerdicts } from './verdicts.ts';

/**
 * What the facts change about what is known. Pure: the same values in give the same changes out, in the live service, after a lost race
 * and in a replay. `now` is the queue's clock.
 */
export function judge(config: Config, rules: Rules, state: State, facts: readonly Fact[], now: number): Change[] {
  const docket = new Docket(config, rules, state, now);
  if (docket.watch.recover === undefined) docket.putWatch({ recover: recoverDays(config, now) });
  followCalls(docket, facts);
  followAsking(docket, facts);
  takeIn(docket, facts);
  judgePools(docket);
  tellOfPools(docket);
  judgeAsking(docket);
  judgeBudgets(docket);
  keepUp(docket);
  hearChannels(docket, facts);
  letGo(docket);
  judgeVerdicts(docket);
  decideDue(docket, facts);
  return docket.changes();
}
