import { stringify } from 'yaml';
import { durationText } from '../config/duration.ts';
import { record } from '../config/raw.ts';
import { iso } from '../evidence/instant.ts';
import type { Scenario } from './scenario.ts';

/** In a drill file a key says what kind of value it holds, whatever it stands under. */
const INSTANTS = new Set(['start', 'end', 'broke', 'mended', 'from', 'until', 'at']);
const DURATIONS = new Set([
  ...['p50', 'p95', 'min', 'max', 'idleTimeout', 'registrationTimeout', 'every', 'delay', 'retryAfter', 'ahead', 'behind'],
  ...['unreachableAfter', 'groupWait', 'remindEvery', 'reopenWithin', 'silence', 'warnAfter', 'pageAfter', 'deadline'],
  ...['noticedWithin', 'pagedWithin', 'resolvedWithin'],
]);

/** The scenario as a drill file, from which the same scenario is read again. */
export function printScenario(scenario: Scenario): string {
  return stringify(written('', scenario), { lineWidth: 0, aliasDuplicateObjects: false });
}

function written(key: string, value: unknown): unknown {
  if (typeof value === 'number' && INSTANTS.has(key)) return iso(value).replace('.000Z', 'Z');
  if (typeof value === 'number' && DURATIONS.has(key)) return durationText(value);
  if (key === 'schedule') return record(value)['expression'];
  if (Array.isArray(value)) return value.map((item) => written('', item));
  // A probe's payload is sent as it stands, whatever its keys are called.
  if (typeof value !== 'object' || value === null || key === 'payload') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, written(name, one)]));
}
