import { randomInt } from 'node:crypto';
import type { Checked } from '../config/checked.ts';
import { checkReason } from '../config/fields.ts';
import { checkMatch } from '../config/match.ts';
import type { Config } from '../evidence/probe.ts';
import type { Silence } from '../evidence/silence.ts';
import type { State } from '../evidence/state.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { isCause, matches } from '../judge/match.ts';
import { expand } from '../judge/probes.ts';
import { isOn } from '../judge/silences.ts';
import type { Store } from '../ports.ts';
import { harmless } from '../views/terminal/text.ts';
import { untilText } from '../views/terminal/until.ts';
import { queueNow, withStore } from './with-store.ts';

export interface SilenceOptions {
  config: string;
  /** How long, in milliseconds. */
  for?: number;
  reason?: string;
  /** Who is silencing; whoever runs the command by default. */
  by?: string;
}

/**
 * From now on nobody is told of what the pool, glob, probe or cause is about. A `run` that watches the same store heeds it from its next pass on.
 * @throws {UsageError} where something is lacking or wrong
 */
export async function silence(match: string, options: SilenceOptions, io: Io): Promise<ExitCode> {
  const about = taken(`"${harmless(match)}"`, checkMatch(match));
  if (options.for === undefined) throw new UsageError('it is not said for how long; write --for 2h, or another duration');
  if (options.reason === undefined) {
    throw new UsageError('it is not said why; write --reason "...", for whoever wonders why nobody was told');
  }
  const reason = taken('the reason', checkReason(options.reason));
  const by = nameOf(options.by, io);
  const lasts = options.for;
  return withStore(options.config, io, async (config, store) => {
    const known = await store.load();
    const covered = coveredBy(about, config, known);
    if (covered === undefined && !about.includes('/')) {
      throw new UsageError(
        `"${harmless(about)}" is no probe of ${config.file} and no cause; write a pool or a glob with its slash, such as "gecko-t/*"`,
      );
    }
    const made = await putSilence(store, (state) => {
      const from = queueNow(state, io);
      return { id: newId(state), match: about, from, until: from + lasts, reason, by };
    });
    const warn = (text: string) => io.stderr.write(`${harmless(text)}\n`);
    if (covered === undefined) warn(`${about} fits no probe of ${config.file} yet, and is no cause; it is silenced all the same`);
    if (known.watch.triedAt === undefined) warn(NO_PASS);
    const what = covered === undefined ? about : `${about} (${covered})`;
    io.stdout.write(`${harmless(`silence ${made.id} of ${by}: ${what} ${untilText(made.until, made.from)}: ${reason}`)}\n`);
    return EXIT.ok;
  });
}

const NO_PASS =
  'no pass has been stored here yet; see that the prober uses this store too (TC_CANARY_STORE, or store: in the probe file)';

/**
 * Ends a silence before its time.
 * @throws {UsageError} where there is none of this id, or it is over
 */
export async function silenceEnd(id: string, options: { config: string }, io: Io): Promise<ExitCode> {
  return withStore(options.config, io, async (_config, store) => {
    const { match } = await putSilence(store, (state) => {
      const now = queueNow(state, io);
      const found = state.silences.get(id);
      if (found === undefined) throw new UsageError(`there is no silence ${harmless(id)}; ${choices(state, now)}`);
      if (found.ended !== undefined || found.until <= now)
        throw new UsageError(`the silence ${harmless(id)} is over already; ${choices(state, now)}`);
      return { ...found, ended: now };
    });
    io.stdout.write(`${harmless(match)} is not silenced by ${harmless(id)} any more\n`);
    return EXIT.ok;
  });
}

function choices(state: State, now: number): string {
  const open = [...state.silences.values()].filter((one) => isOn(one, now));
  if (open.length === 0) return 'none is in force that was given by hand';
  return `in force: ${open.map(({ id, match }) => harmless(`${id} (${match})`)).join(', ')}`;
}

function taken<T>(what: string, checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new UsageError(`${what} ${checked.problem}. ${checked.remedy}`);
}

function nameOf(asked: string | undefined, { env }: Io): string {
  const name = harmless(asked ?? env['USER'] ?? '').trim();
  if (name === '') return 'unknown';
  if (name.length <= 60) return name;
  throw new UsageError('the name is longer than 60 characters; write a shorter one after --by');
}

/** The probes it covers now, in words; undefined where there is none, and it is no cause. */
function coveredBy(match: string, config: Config, { pools }: State): string | undefined {
  const covered = expand(config, pools).filter(({ name: probe, pool }) => matches(match, { probe, pool })).length;
  if (covered > 0) return covered === 1 ? '1 probe' : `${covered} probes`;
  return isCause(match) ? 'a cause' : undefined;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

function newId({ silences }: State): string {
  for (;;) {
    const id = Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    if (!silences.has(id)) return id;
  }
}

/** Where a pass commits at the same time, what it knows now is silenced. */
async function putSilence(store: Store, make: (state: State) => Silence): Promise<Silence> {
  for (;;) {
    const state = await store.load();
    const made = make(state);
    if ((await store.commit(state.revision, [{ kind: 'silence', silence: made }])) === 'committed') return made;
  }
}
