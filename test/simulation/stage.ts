import { type Played, play } from '../../src/drill/play.ts';
import { rehearse } from '../../src/drill/rehearsal.ts';
import { stagingOf } from '../../src/drill/run.ts';
import type { Scenario } from '../../src/drill/scenario.ts';
import type { History } from '../../src/evidence/history.ts';
import type { Incident } from '../../src/evidence/incident.ts';
import { HOUR, SECOND } from '../../src/evidence/instant.ts';
import type { Config, Probe } from '../../src/evidence/probe.ts';
import type { State } from '../../src/evidence/state.ts';
import { expand } from '../../src/judge/probes.ts';
import { emptied } from '../../src/store/empty.ts';
import { openSqlite } from '../../src/store/open.ts';
import { storeOver } from '../../src/store/store.ts';
import { type Life, livesIn, overAt } from '../support/lives.ts';
import { silent } from '../support/values.ts';

/** What a canary really went through. */
export interface TrueCanary extends Life {
  /** When its wait was over, one way or the other; not before the night's end where nobody ended it. */
  over: number;
}

/** A night that was played, and all that there is to hold against what should have been. */
export interface Night extends Played {
  scenario: Scenario;
  config: Config;
  probes: readonly Probe[];
  /** By probe, in the order in which they were made. */
  canaries: ReadonlyMap<string, readonly TrueCanary[]>;
  /** Of the store at the end. */
  state: State;
  incidents: readonly Incident[];
  history: History;
}

/** Plays a scenario that brings its deployment and its settings along, on a store of its own. */
export async function stage(scenario: Scenario): Promise<Night> {
  const drill = { name: scenario.title, file: '', scenario, deployment: { pools: scenario.pools } };
  const { config } = await rehearse(drill, {});
  const db = await openSqlite(':memory:', { synchronous: 'off' });
  try {
    const store = () => storeOver(db, 'simulated', config.incidents.groupWait);
    const played = await play(stagingOf(drill, config), {
      store,
      loseStore: () => emptied(db),
      log: silent,
      answerWithin: 30 * SECOND,
    });
    const last = store();
    const since = Math.floor(scenario.start / HOUR) * HOUR - HOUR;
    const history = await last.history({ since, until: scenario.end + 2 * HOUR });
    const state = await last.load();
    const incidents = await last.incidents(0);
    return {
      ...played,
      scenario,
      config,
      probes: [...expand(config, state.pools)],
      canaries: canariesOf(played),
      state,
      incidents,
      history,
    };
  } finally {
    await db.destroy();
  }
}

function canariesOf({ world, end }: Played): ReadonlyMap<string, TrueCanary[]> {
  const until = Math.max(end, world.now);
  const lived = (life: Life): TrueCanary => ({ ...life, over: Math.min(overAt(life), until) });
  return new Map([...livesIn(world)].map(([probe, lives]) => [probe, lives.map(lived)]));
}
