import type { Kysely } from 'kysely';
import type { Incident } from '../../src/evidence/incident.ts';
import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Tables } from '../../src/store/schema.ts';
import type { Fault } from '../../src/world/fault.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { entry, everyMinutes } from '../support/judging.ts';
import { play, type Scenario, type Watched } from '../support/play.ts';
import { DAY_ZERO } from '../support/values.ts';

export const START = DAY_ZERO + 20 * HOUR;
/** When things go wrong: late enough that a day's statistics have begun, soon enough to be quick. */
export const ONSET = START + HOUR;

/** A pool of a cloud, with tasks of other people's. */
export function pool(id: string, perHour: number, over: Partial<PoolSpec> = {}): PoolSpec {
  return {
    pool: id,
    runs: 'generic-worker',
    maxCapacity: 50,
    boot: { p50: 50 * SECOND, p95: 100 * SECOND },
    idleTimeout: 2 * MINUTE,
    claim: { min: 200, max: 5 * SECOND },
    ...(perHour > 0 && { load: { perHour, duration: { p50: 4 * MINUTE, p95: 10 * MINUTE } } }),
    ...over,
  };
}

export const FLEET = [
  pool('gecko-3/decision', 10, { minCapacity: 1 }),
  pool('gecko-1/decision', 15),
  pool('gecko-3/b-linux', 40),
  pool('gecko-t/t-linux', 120),
  pool('gecko-t/win11', 60, { provider: 'azure', runs: 'generic-worker-windows' }),
  pool('gecko-3/b-win', 20, { provider: 'azure', runs: 'generic-worker-windows' }),
];

/** A deployment with canaries in every pool; the faults strike at the onset, for two hours unless they say otherwise. */
export function nightOf(faults: readonly Fault[], over: Partial<Scenario> & { pools?: PoolSpec[] } = {}): Scenario {
  const { pools = FLEET } = over;
  const thresholds = { warnAfter: 5 * MINUTE, pageAfter: 10 * MINUTE };
  return {
    seed: 1,
    start: START,
    length: 3.5 * HOUR,
    probes: pools.map(({ pool: name }) => entry(name, { schedule: everyMinutes(15), thresholds, payload: 'auto' })),
    faults: [...faults],
    slackDown: [],
    pagerdutyDown: [],
    mode: 'service',
    replicas: 1,
    ...over,
    pools,
    config: { provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: [] }, ...over.config },
  };
}

export interface Told extends Watched {
  /** Every incident, oldest first. */
  incidents: Incident[];
}

export async function tell(db: Kysely<Tables>, scenario: Scenario): Promise<Told> {
  const played = await play(db, scenario);
  const rows = await db.selectFrom('incidents').select('doc').orderBy('opened').execute();
  return { ...played, incidents: rows.map(({ doc }): Incident => JSON.parse(doc)) };
}
