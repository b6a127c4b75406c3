import { it } from 'vitest';
import { wallClock } from '../../src/clock.ts';
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
  print(`A simulated quiet day of ${pools.length} pools, seconds`, [
    { what: 'the deployment alone', ...perDay(await timeOf(async () => world.advanceTo(START + DAY)), DAY), pages: 0 },
    await row('with the prober on probes/firefox-ci.yml', drill, `${PROBES}firefox-ci.yml`, DAY),
    await row('a day of a whole week of that', drill, `${PROBES}firefox-ci.yml`, 7 * DAY),
    await row('with an hourly probe for each pool', drill, fileWith(EVERY_POOL), 6 * HOUR),
  ]);
});

async function row(what: string, drill: Drill, config: string, length: number) {
  const scenario = { ...drill.scenario, start: START, end: START + length, broke: START, faults: [] };
  let outcome: Outcome | undefined;
  const took = await timeOf(async () => {
    outcome = await runDrill({ ...drill, scenario }, { env: {}, config, log: silent, answerWithin: 8 * SECOND });
  });
  return { what, ...perDay(took, length), pages: outcome?.verdict.pages ?? Number.NaN };
}

/** Seconds: of the processor's cores together, and by the clock, which other work on the machine makes longer. */
interface Took {
  processor: number;
  clock: number;
}

async function timeOf(work: () => Promise<void>): Promise<Took> {
  const [cpu, began] = [process.cpuUsage(), wallClock.elapsed()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { processor: (user + system) / 1e6, clock: (wallClock.elapsed() - began) / SECOND };
}

function perDay({ processor, clock }: Took, length: number) {
  const daily = (seconds: number) => ((seconds * DAY) / length).toFixed(1);
  return { 'of the processor': daily(processor), 'by the clock': daily(clock) };
}
