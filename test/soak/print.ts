import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { iso } from '../../src/evidence/instant.ts';
import { print } from '../bench/figures.ts';
import type { Soaked } from './soak.ts';
import type { Held } from './verdict.ts';

/** What was done, as Markdown. */
export function printSoaked({ form, ledger, failures, start, calm, end }: Soaked, held: readonly Held[]): void {
  const { seed, rate } = form;
  const minutes = (ms: number) => `${Math.round(ms / 6000) / 10} min`;
  const title = `Soak, seed ${seed}: ${minutes((end - start) / rate)}, in which ${minutes(end - start)} pass, the last ${minutes(end - calm)} in peace`;
  const rows = [...ledger.counts].map(([what, times]) => ({ 'what was done': what, times }));
  print(title, [...rows, { 'what was done': 'requests to Slack and PagerDuty that failed', times: failures.length }]);
  print(
    'What held',
    held.map(({ promise, over, broken }) => ({ promise, 'tried on': over, broken: broken.length })),
  );
}

/** All that went wrong, and then the story; what the processes wrote is left in a file. Empty where all went well. */
export function storyOf({ form, ledger, faults }: Soaked, held: readonly Held[]): string {
  const wrong = held.flatMap(({ promise, broken }) => broken.map((line) => `${promise}: ${line}`));
  if (wrong.length === 0) return '';
  const log = join(mkdtempSync(join(tmpdir(), 'tc-canary-soak-log-')), 'log.txt');
  writeFileSync(log, ledger.log.join('\n'));
  const outages = faults.map(
    ({ from, until, ...fault }) => `${ledger.clock(from)} to ${ledger.clock(until)} ${JSON.stringify(fault)}`,
  );
  const began = `seed ${form.seed}, begun ${iso(ledger.start)}, logs in ${log}`;
  return [began, ...wrong, '', ...outages, '', ...ledger.story].join('\n');
}
