import { readFileSync } from 'node:fs';
import type { Report } from '../evidence/report.ts';
import type { Coverage } from '../health/coverage.ts';
import { openMetricsText, prometheusText } from '../views/metrics/exposition.ts';
import { poolFamilies } from '../views/metrics/pools.ts';
import { fleetFamilies, passFamilies, processFamilies } from '../views/metrics/prober.ts';
import type { Meter } from './meter.ts';

let version: string | undefined;

/** All metrics. What only a process that goes on can count is left out where `meter` is undefined. */
export function metricsText(
  report: Report,
  pass: { complete: boolean; covered: Coverage } | undefined,
  meter: Meter | undefined,
  open: boolean,
): string {
  version ??= versionOf();
  const families = [
    ...fleetFamilies(report, version),
    ...(pass === undefined ? [] : passFamilies({ ...pass.covered, complete: pass.complete })),
    ...(meter === undefined ? [] : processFamilies(meter.figures)),
    ...poolFamilies(report),
  ].filter(({ samples, type }) => samples.length > 0 || type === 'counter');
  const always = { deployment: report.deployment };
  return open ? openMetricsText(families, always) : prometheusText(families, always);
}

function versionOf(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
