import type { StorePlace } from '../evidence/place.ts';
import type { Config } from '../evidence/probe.ts';
import { build } from './build.ts';
import { type Path, Source } from './document.ts';
import { type Environment, held } from './environment.ts';
import { ConfigError, type ConfigProblem } from './error.ts';
import { fillIn } from './fill.ts';
import { Inspection } from './inspection.ts';
import { findingsOf } from './issues.ts';
import { readText } from './read.ts';
import { crossCheck } from './rules.ts';
import { probeFile } from './schema.ts';
import { checkStore } from './store.ts';
import { isTelling, withoutTelling } from './unread.ts';

/** Some ten thousand probes; a larger file is not one of ours. Bytes. */
const MAX_FILE = 1024 * 1024;

export interface LoadOptions {
  /** `false` leaves unread who is told and how, for a command that tells nobody and so needs no secrets. Default: true. */
  channels?: boolean;
}

/**
 * Reads a probe file, fills in its variables and checks it whole.
 * @throws {ConfigError} that lists all that is wrong with it
 */
export async function loadConfig(file: string, env: Environment, { channels = true }: LoadOptions = {}): Promise<Config> {
  const source = await open(file);
  const filled = await fillIn(source, env, (path) => !channels && isTelling(path));
  const values = channels ? source.values() : withoutTelling(source.values());
  const parsed = probeFile.safeParse(values, { reportInput: true });
  const issues = parsed.success ? [] : findingsOf(parsed.error.issues);
  const lineOf = (path: Path) => source.place(path).line;
  const crossed = crossCheck(values, lineOf);
  const store = await overriding(file, env);
  const problems = [
    ...store.problems,
    ...syntaxOf(file, source),
    ...new Inspection(file, source, filled).problems([...issues, ...crossed]),
  ];
  if (!parsed.success || problems.length > 0)
    throw new ConfigError(problems.sort((a, b) => a.line - b.line || a.column - b.column));
  return build(file, parsed.data, store.place ?? parsed.data.store, lineOf);
}

/** A source whose values can be read, though some of its syntax may be wrong. */
async function open(file: string): Promise<Source> {
  const whole = (problem: string, remedy: string) =>
    new ConfigError([{ file, line: 0, column: 0, path: '', problem: `the probe file ${problem}`, remedy }]);
  const text = await readText(file, MAX_FILE);
  if (!text.ok) throw whole(text.problem, text.remedy);
  const source = new Source(text.value);
  if (!source.syntax.every(({ passing }) => passing)) throw new ConfigError(syntaxOf(file, source));
  if (source.empty) throw whole('is empty', 'Begin with one of the examples in probes/.');
  try {
    source.values();
  } catch {
    throw whole('has aliases that grow beyond measure', 'Write the values out.');
  }
  return source;
}

function syntaxOf(file: string, source: Source): ConfigProblem[] {
  return source.syntax.map(({ offset, problem, remedy }) => ({ file, ...source.placeOf(offset), path: '', problem, remedy }));
}

/** `TC_CANARY_STORE`, which may hold a password and is not shown. */
async function overriding(file: string, env: Environment): Promise<{ place?: StorePlace; problems: ConfigProblem[] }> {
  const given = await held('TC_CANARY_STORE', env);
  if (given === undefined) return { problems: [] };
  const store = given.ok ? checkStore(given.value) : given;
  if (store.ok) return { place: store.value, problems: [] };
  const problem = given.ok ? `the value ${store.problem}` : store.problem;
  return { problems: [{ file, line: 0, column: 0, path: 'TC_CANARY_STORE', problem, remedy: store.remedy }] };
}
