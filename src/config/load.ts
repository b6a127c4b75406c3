import type { StorePlace } from '../evidence/place.ts';
import type { Config } from '../evidence/probe.ts';
import { build } from './build.ts';
import type { Path } from './document.ts';
import { type Environment, held } from './environment.ts';
import { ConfigError, type ConfigProblem } from './error.ts';
import { fillIn } from './fill.ts';
import { Inspection } from './inspection.ts';
import { findingsOf } from './issues.ts';
import { openSource, syntaxOf } from './open.ts';
import { crossCheck } from './rules.ts';
import { probeFile } from './schema.ts';
import { standIn } from './stand-in.ts';
import { checkStore } from './store.ts';
import { isTelling, withoutTelling } from './unread.ts';

export interface LoadOptions {
  /**
   * `false` leaves unread who is told and how, for a command that tells nobody and so needs no secrets. With `stand-ins` who is told is
   * read, and no variable that it needs. Default: true.
   */
  channels?: boolean | 'stand-ins';
}

/**
 * Reads a probe file, fills in its variables and checks it whole.
 * @throws {ConfigError} that lists all that is wrong with it
 */
export async function loadConfig(file: string, env: Environment, { channels = true }: LoadOptions = {}): Promise<Config> {
  const source = await openSource(file, 'probe file');
  const filled = await fillIn(
    source,
    env,
    (path) => channels === false && isTelling(path),
    channels === 'stand-ins' ? standIn : undefined,
  );
  const values = channels !== false ? source.values() : withoutTelling(source.values());
  const parsed = probeFile.safeParse(values, { reportInput: true });
  const issues = parsed.success ? [] : findingsOf(parsed.error.issues, probeFile);
  const lineOf = (path: Path) => source.place(path).line;
  const crossed = crossCheck(values, lineOf);
  const store = await overriding(file, env);
  const problems = [
    ...store.problems,
    ...syntaxOf(file, source),
    ...new Inspection(file, source, filled).problems([...issues, ...crossed]),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return build(file, parsed.data, store.place ?? parsed.data.store, lineOf);
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
