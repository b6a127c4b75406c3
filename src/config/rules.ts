import { DAY, HOUR, spoken } from '../evidence/instant.ts';
import { CANCEL_BEFORE } from '../judge/limits.ts';
import { isGlob } from '../judge/probes.ts';
import { alertRules } from './alert-rules.ts';
import type { Path } from './document.ts';
import { parseDuration } from './duration.ts';
import type { Finding } from './issues.ts';
import { unattained } from './objective.ts';
import { quietRules } from './quiet-rules.ts';
import { type Raw, record, records } from './raw.ts';

/** Taskcluster takes no deadline further off. */
const MAX_DEADLINE = 5 * DAY;
/** A canary is cancelled and replaced before its deadline, and must have paged well before that. */
const MARGIN = 2 * CANCEL_BEFORE;

/** From a canary's slot to its deadline, in milliseconds. */
export function deadlineFor(pageAfter: number | undefined, given: number | undefined): number {
  return given ?? Math.min(MAX_DEADLINE, Math.max(6 * HOUR, 4 * (pageAfter ?? 0)));
}

/**
 * What is wrong between the keys of a probe file, each of which may be right by itself. It takes the values as they were written, so that
 * one that is wrong does not hide what is wrong with the others.
 */
export function crossCheck(values: unknown, lineOf: (path: Path) => number): Finding[] {
  const file = record(values);
  const probes = records(file['probes']);
  const defaults = record(file['defaults']);
  const timing = probes.flatMap((probe, i) => {
    const pick = (key: string): Picked =>
      probe[key] === undefined
        ? { value: defaults[key], path: ['defaults', key] }
        : { value: probe[key], path: ['probes', i, key] };
    return [
      ...thresholds(pick('warnAfter'), pick('pageAfter')),
      ...deadline(pick('pageAfter'), pick('deadline')),
      ...objective(pick('objective'), deadlineFor(duration(pick('pageAfter')), duration(pick('deadline')))),
    ];
  });
  return [...nothing(file), ...timing, ...names(probes, lineOf), ...alertRules(file, lineOf), ...quietRules(file)];
}

/** The provisioning watch needs no canary, and where nobody asks for it there is nothing to do. */
function nothing({ probes, provisioning, ...others }: Raw): Finding[] {
  if (Object.keys(others).length === 0) return [];
  if (provisioning !== undefined || (probes !== undefined && !(Array.isArray(probes) && probes.length === 0))) return [];
  const remedy = 'Add an entry such as "- pool: gecko-3/decision".';
  return [{ path: ['probes'], problem: probes === undefined ? 'is missing' : 'is empty', remedy }];
}

/** A value that a probe has, and where it has it from. */
interface Picked {
  value: unknown;
  path: Path;
}

function thresholds(warn: Picked, page: Picked): Finding[] {
  if ((warn.value === undefined) !== (page.value === undefined)) {
    const [set, missing] = warn.value === undefined ? [page, 'warnAfter'] : [warn, 'pageAfter'];
    return [
      {
        path: set.path,
        problem: `has no ${missing} to go with it`,
        remedy: `Add ${missing} here or under defaults; a probe with neither of the two only observes at first.`,
      },
    ];
  }
  const [warnAfter, pageAfter] = [duration(warn), duration(page)];
  if (warnAfter === undefined || pageAfter === undefined || pageAfter >= warnAfter) return [];
  const remedy = 'Make pageAfter the longer one, or both the same.';
  return page.path[0] === 'probes' || warn.path[0] === 'defaults'
    ? [{ path: page.path, problem: `is under warnAfter (${spoken(warnAfter)})`, remedy }]
    : [{ path: warn.path, problem: `is over pageAfter (${spoken(pageAfter)})`, remedy }];
}

function deadline(page: Picked, given: Picked): Finding[] {
  const [pageAfter, asked] = [duration(page), duration(given)];
  if (given.value !== undefined && asked === undefined) return [];
  const length = deadlineFor(pageAfter, asked);
  if (length > MAX_DEADLINE) {
    return [{ path: given.path, problem: 'is over the 5 days that Taskcluster allows', remedy: 'Write 5d or less.' }];
  }
  const least = (pageAfter ?? 0) + MARGIN;
  if (length > least) return [];
  if (asked === undefined) {
    return [{ path: page.path, problem: 'is too near the 5 days that a task may wait', remedy: 'Write 4d23h or less.' }];
  }
  const remedy = `Write more than ${spoken(least)}, or leave it out: it is max(6h, 4 x pageAfter) then.`;
  return [
    {
      path: given.path,
      problem: pageAfter === undefined ? 'is too short' : `is too soon after pageAfter (${spoken(pageAfter)})`,
      remedy,
    },
  ];
}

function objective({ value, path }: Picked, length: number): Finding[] {
  const wrong = unattained(value, length);
  return wrong === undefined ? [] : [{ path, ...wrong }];
}

function names(probes: Raw[], lineOf: (path: Path) => number): Finding[] {
  const found: Finding[] = [];
  const seen = new Map<string, number>();
  for (const [i, { name, pool }] of probes.entries()) {
    if (typeof name === 'string' && typeof pool === 'string' && isGlob(pool)) {
      const remedy = 'Remove it: the probes of a glob are named for their pools.';
      found.push({ path: ['probes', i, 'name'], problem: 'stands on a glob', remedy });
      continue;
    }
    const key = name ?? pool;
    if (typeof key !== 'string') continue;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, i);
    else found.push(duplicate(['probes', i, name === undefined ? 'pool' : 'name'], lineOf(['probes', first]), isGlob(key)));
  }
  return found;
}

function duplicate(path: Path, line: number, glob: boolean): Finding {
  if (glob) return { path, problem: `is the glob of the entry on line ${line}`, remedy: 'Remove one of the two.' };
  const remedy = 'Give this one a name of its own; a probe without one is named for its pool.';
  return { path, problem: `is the name of the probe on line ${line}`, remedy };
}

function duration({ value }: Picked): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}
