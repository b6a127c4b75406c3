import { loadDrill } from '../../src/drill/load.ts';
import { type Outcome, runDrill } from '../../src/drill/run.ts';
import { SECOND } from '../../src/evidence/instant.ts';
import { fileWith } from '../config-files.ts';
import { silent } from './values.ts';

/** Half an hour, less a little, in which one pool of two gets no workers for five minutes, from 23:01 on; `more` is added at the top level. */
export function smallDrill(more = '', { faults = '', prober = '', expect = 'pages: 1' } = {}): string {
  return `title: One pool gets no workers
seed: 7
start: 2021-10-08T22:54:00Z
end: 2021-10-08T23:20:00Z
broke: 2021-10-08T23:01:00Z
mended: 2021-10-08T23:06:00Z
pools:
  - names: [gecko-3/decision, gecko-t/linux]
    runs: generic-worker
    maxCapacity: 10
    boot: { p50: 5s, p95: 8s }
    idleTimeout: 5s
    claim: { min: 200ms, max: 3s }
prober:
${prober.replace(/^(?=.)/gm, '  ')}
  incidents: { groupWait: 10s }
  defaults: { schedule: "* * * * *", warnAfter: 1m, pageAfter: 90s }
  probes:
    - pool: gecko-3/decision
    - pool: gecko-t/linux
faults:
  - kind: pool-skipped
    pools: [gecko-3/decision]
    from: 2021-10-08T23:01:00Z
    until: 2021-10-08T23:06:00Z
${faults.replace(/^(?=.)/gm, '  ')}
people:
  - { at: 2021-10-08T23:05:00Z, mark: noticed, text: somebody wonders }
expect: { ${expect} }
${more}`;
}

export async function played(text: string): Promise<Outcome> {
  return runDrill(await loadDrill(fileWith(text)), { env: {}, log: silent, answerWithin: 8 * SECOND });
}
