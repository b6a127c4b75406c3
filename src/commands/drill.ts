import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Drill, loadDrill } from '../drill/load.ts';
import { type Outcome, runDrill } from '../drill/run.ts';
import { clockTime } from '../evidence/instant.ts';
import { EXIT, type ExitCode, type Io, roomOf, UsageError } from '../io.ts';
import type { Log } from '../ports.ts';
import { drillsJson } from '../views/drill-json.ts';
import { jsonText } from '../views/json.ts';
import { drillLines, drillsLines } from '../views/terminal/drill.ts';
import { progressOn } from '../views/terminal/progress.ts';
import { colorsFor, harmless } from '../views/terminal/text.ts';
import { ANSWER_WITHIN } from './run.ts';

export interface DrillOptions {
  /** A probe file to play on instead of the drill's own. */
  config?: string;
  /** Instead of the drill file's own. */
  seed?: number;
  json: boolean;
}

/** The outages that come with the program, by the shorter of their paths. */
const OUTAGES = shorter(fileURLToPath(new URL('../../probes/outages', import.meta.url)));

/** Replays outages in virtual time, and says when somebody would have been paged, and of what. */
export async function drill(asked: string, options: DrillOptions, io: Io): Promise<ExitCode> {
  const { config, json } = options;
  const drills: Drill[] = [];
  for (const file of filesFor(asked)) drills.push(seeded(await loadDrill(file), options.seed));
  const colors = colorsFor(io.stdout, io.env);
  const outcomes: Outcome[] = [];
  for (const one of drills) {
    const progress = progressOn(io);
    const onTime = (now: number) => progress.show(howFar(one, now));
    const surroundings = { env: io.env, log: logTo(io), answerWithin: ANSWER_WITHIN, stop: io.stop, onTime };
    const outcome = await runDrill(one, { ...surroundings, ...(config !== undefined && { config }) });
    progress.clear();
    if (io.stop.aborted) return EXIT.interrupted;
    outcomes.push(outcome);
    if (!json) io.stdout.write(`${drillLines(outcome, colors, roomOf(io.stdout)).join('\n')}\n\n`);
  }
  if (json) io.stdout.write(jsonText(drillsJson(outcomes)));
  else if (outcomes.length > 1) io.stdout.write(`${drillsLines(outcomes, colors, roomOf(io.stdout)).join('\n')}\n`);
  return outcomes.every(({ verdict }) => verdict.failures.length === 0) ? EXIT.ok : EXIT.no;
}

/** A file by its path, or one of those that come with the program by the beginning of its name, or all of these. */
function filesFor(asked: string): string[] {
  if (asked !== 'all' && existsSync(asked)) return [asked];
  const known = readdirSync(OUTAGES).filter((name) => /^\d{4}-.*\.yml$/.test(name));
  const meant = asked === 'all' ? known : known.filter((name) => name.startsWith(asked));
  if (meant.length === 1 || (asked === 'all' && meant.length > 0)) return meant.toSorted().map((name) => join(OUTAGES, name));
  const names = known.toSorted().map((name) => basename(name, '.yml'));
  throw new UsageError(`${harmless(asked)} is no drill file; name one, or write all or one of ${names.join(', ')}`);
}

function shorter(path: string): string {
  const near = relative('', path);
  return near.length < path.length ? near : path;
}

function seeded(one: Drill, seed: number | undefined): Drill {
  return seed === undefined ? one : { ...one, scenario: { ...one.scenario, seed } };
}

/** What the prober logs is told by its messages; only what broke it must be heard. */
function logTo({ stderr }: Io): Log {
  return {
    debug() {},
    info() {},
    warn() {},
    error(context, sentence) {
      if ('err' in context) stderr.write(`${sentence}: ${String(context.err)}\n`);
    },
  };
}

/** How far it has come. */
function howFar({ name, scenario: { start, end } }: Drill, now: number): string {
  return `${name}  ${clockTime(now)} UTC  ${Math.round((100 * (now - start)) / (end - start))} %`;
}
