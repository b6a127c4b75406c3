import type { Path } from '../config/document.ts';
import type { Finding } from '../config/issues.ts';
import { type Raw, record, records } from '../config/raw.ts';
import { crossCheck } from '../config/rules.ts';
import { instantOf } from '../evidence/instant.ts';
import { WAYS_UNSURE } from './scenario.ts';

/** What is wrong between the keys of a drill file, each of which may be right by itself. */
export function drillRules(values: unknown, lineOf: (path: Path) => number): Finding[] {
  const file = record(values);
  return [
    ...times(file),
    ...records(file['faults']).flatMap((fault, i) => faultRules(fault, ['faults', i])),
    ...proberRules(record(file['prober']), (path) => lineOf(['prober', ...path])),
    ...(file['deployment'] === undefined && records(file['pools']).length === 0
      ? [{ path: ['pools'], problem: 'is empty, and no deployment is named', remedy: 'Add deployment, or pools of its own.' }]
      : []),
    ...twice(file),
  ];
}

/** The same for a deployment file: each pool stands in it once. */
export function deploymentRules(values: unknown): Finding[] {
  return twice(record(values));
}

function times(file: Raw): Finding[] {
  const [start, end, broke, mended] = ['start', 'end', 'broke', 'mended'].map((key) => instantAt(file, key));
  return [
    ...before(start, end, ['end'], 'start'),
    ...(start !== undefined && broke !== undefined && broke < start
      ? [{ path: ['broke'], problem: 'is before start', remedy: 'Begin the replay before it breaks.' }]
      : []),
    ...before(broke, end, ['end'], 'broke'),
    ...before(broke, mended, ['mended'], 'broke'),
  ];
}

function before(from: number | undefined, until: number | undefined, path: Path, name: string): Finding[] {
  if (from === undefined || until === undefined || from < until) return [];
  return [{ path, problem: `is not after ${name}`, remedy: 'Write a later instant.' }];
}

function faultRules(fault: Raw, path: Path): Finding[] {
  const ends = before(instantAt(fault, 'from'), instantAt(fault, 'until'), [...path, 'until'], 'from');
  if (fault['kind'] === 'channel-down' && fault['arrives'] !== undefined && saysNo(fault['how'])) {
    const remedy = `Leave it out, or write how: ${WAYS_UNSURE.join(' or ')}.`;
    const problem = `stands beside how: ${String(fault['how'])}, which lets nothing arrive`;
    return [...ends, { path: [...path, 'arrives'], key: true, problem, remedy }];
  }
  if (fault['kind'] !== 'clock-skewed') return ends;
  const given = ['ahead', 'behind'].filter((key) => fault[key] !== undefined);
  const remedy = 'Say ahead or behind, and how far.';
  return given.length === 1 ? ends : [...ends, { path, problem: 'goes one way, which is not said', remedy }];
}

/** A channel that cannot be reached, or that refuses, has taken nothing for certain. */
function saysNo(how: unknown): boolean {
  return how !== undefined && !WAYS_UNSURE.some((way) => way === how);
}

/** On a probe file, or on settings; the settings obey the rules of a probe file. */
function proberRules(prober: Raw, lineOf: (path: Path) => number): Finding[] {
  const own = ['unreachableAfter', 'incidents', 'provisioning', 'silences', 'defaults', 'probes'].filter(
    (key) => prober[key] !== undefined,
  );
  if (prober['config'] !== undefined) {
    return own.map((key) => ({
      path: ['prober', key],
      key: true,
      problem: 'stands beside config, which says it already',
      remedy: 'Keep one of the two.',
    }));
  }
  if (prober['probes'] === undefined) {
    return [{ path: ['prober'], problem: 'has neither config nor probes', remedy: 'Name a probe file, or write probes.' }];
  }
  return crossCheck(prober, lineOf).map((finding) => ({ ...finding, path: ['prober', ...finding.path] }));
}

function twice(file: Raw): Finding[] {
  const seen = new Set<unknown>();
  return records(file['pools']).flatMap(({ names }, i) =>
    (Array.isArray(names) ? names : []).flatMap((name: unknown, j): Finding[] => {
      if (!seen.has(name)) {
        seen.add(name);
        return [];
      }
      return [{ path: ['pools', i, 'names', j], problem: 'stands here twice', remedy: 'Keep one of the two.' }];
    }),
  );
}

function instantAt(values: Raw, key: string): number | undefined {
  const text = values[key];
  const instant = typeof text === 'string' ? instantOf(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}
