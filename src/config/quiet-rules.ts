import type { Checked } from './checked.ts';
import type { Path } from './document.ts';
import type { Finding } from './issues.ts';
import { checkKnown, checkMatch } from './match.ts';
import { type Raw, records } from './raw.ts';
import { checkEndTime, checkInstant, checkTimeOfDay } from './times.ts';

/** What is wrong between the keys of silences and maintenance windows, and between them and the probes. */
export function quietRules(file: Raw): Finding[] {
  const probes = records(file['probes'])
    .map(({ name, pool }) => name ?? pool)
    .filter((name) => typeof name === 'string');
  const listed = (section: string) => records(file[section]).map((entry, i): [Path, Raw] => [[section, i], entry]);
  return [
    ...[...listed('silences'), ...listed('maintenance')].flatMap(([at, entry]) => unmatched(probes, at, entry)),
    ...listed('silences').flatMap(([at, entry]) => ends(at, entry)),
    ...listed('maintenance').flatMap(([at, entry]) => lasts(at, entry)),
  ];
}

function unmatched(probes: string[], at: Path, { match }: Raw): Finding[] {
  if (checkedValue(match, checkMatch) === undefined) return [];
  const known = checkKnown(String(match), probes);
  return known.ok ? [] : [{ path: [...at, 'match'], problem: known.problem, remedy: known.remedy }];
}

function ends(at: Path, entry: Raw): Finding[] {
  const [from, until] = [checkedValue(entry['from'], checkInstant), checkedValue(entry['until'], checkInstant)];
  if (from === undefined || until === undefined || until > from) return [];
  return [{ path: [...at, 'until'], problem: 'is not after from', remedy: 'Make until the later one, or leave from out.' }];
}

function lasts(at: Path, entry: Raw): Finding[] {
  const [from, to] = [checkedValue(entry['from'], checkTimeOfDay), checkedValue(entry['to'], checkEndTime)];
  if (from === undefined || from !== to) return [];
  const remedy = 'Write a later time, an earlier one for the next day, or 00:00 and 24:00 for a whole day.';
  return [{ path: [...at, 'to'], problem: 'is the same time as from', remedy }];
}

/** Undefined where it is wrong by itself, which is said elsewhere. */
function checkedValue<T>(written: unknown, check: (text: string) => Checked<T>): T | undefined {
  const checked = typeof written === 'string' ? check(written) : undefined;
  return checked?.ok ? checked.value : undefined;
}
