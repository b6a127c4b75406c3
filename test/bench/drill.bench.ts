import { it } from 'vitest';
import { type Drill, loadDrill } from '../../src/drill/load.ts';
import { type Outcome, runDrill } from '../../src/drill/run.ts';
import { DAY, HOUR, SECOND } from '../../src/evidence/instant.ts';
import { World } from '../../src/world/world.ts';
import { fileWith } from '../config-files.ts';
import { silent } from '../support/values.ts';
import { print } from './figures.ts';

/** A Wednesday on which nothing breaks. */
const START = Date.UTC(2026, 8, 16);
const PROBES = new URL('../../probes/', import.meta.url).pathname;
const EVERY_POOL = `deployment: everything
taskcluster: { rootUrl: https://tc.example.com }
task: { schedulerId: tc-canary, owner: canary@example.com, source: https://example.com/canary }
defaults: { schedule: "@hourly", warnAfter: 4h, pageAfter: 8h }
probes:
  - pool: "*/*"
`;

it('a quiet day', async () => {
  const drill = await loadDrill(`${PROBES}outages/2021-10-08-provisioner-stuck.yml`);
  const pools = drill.deployment.pools.flatMap(({ names, ...alike }) => names.map((pool) => ({ ...alike, pool })));
  const world = new World({ ...drill.deployment, pools, seed: 1, start: START });
  print(`A simulated quiet day of ${pools.length} pools, seconds of the processor`, [
    { what: 'the deployment alone', 's a day': (await cpuOf(async () => world.advanceTo(START + DAY))).toFixed(1), pages: 0 },
    await row('with the prober on probes/firefox-ci.yml', drill, `${PROBES}firefox-ci.yml`, DAY),
    await row('with an hourly probe for each pool', drill, fileWith(EVERY_POOL), 6 * HOUR),
  ]);
});

async function row(what: string, drill: Drill, config: string, length: number) {
  const scenario = { ...drill.scenario, start: START, end: START + length, broke: START, faults: [] };
  let outcome: Outcome | undefined;
  const took = await cpuOf(async () => {
    outcome = await runDrill({ ...drill, scenario }, { env: {}, config, log: silent, answerWithin: 8 * SECOND });
  });
  return { what, 's a day': ((took * DAY) / length).toFixed(1), pages: outcome?.verdict.pages ?? Number.NaN };
}

/** Of the processor, for other work may share the machine. Seconds. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
