import { Asker } from '../asking.ts';
import type { Refusal } from '../evidence/fact.ts';
import { SECOND } from '../evidence/instant.ts';
import type { ExitCode, Io } from '../io.ts';
import { connect } from './connect.ts';
import { Inquiry } from './inquiry.ts';
import { inspectFleet } from './inspect-fleet.ts';
import { knownFrom } from './inspect-known.ts';
import { inspectPools } from './inspect-pools.ts';
import { checkPools } from './pools.ts';
import { withRemedy } from './remedy.ts';

export interface InspectOptions {
  /** The probe file whose store is to be looked into as well. */
  config?: string;
  /** How long to watch at the most whether tasks are claimed, in milliseconds; `false`: not at all. */
  watch: number | false;
  json: boolean;
}

/** How long to wait for one answer: no longer than all readings of one go may take. */
const ANSWER_WITHIN = 10 * SECOND;

/** All that can be read of some pools, or in short of a whole deployment, and what it means. Submits nothing and writes nothing. */
export async function inspect(pools: string[], options: InspectOptions, io: Io): Promise<ExitCode> {
  checkPools(pools);
  const known = await knownFrom(options.config, io);
  const { rootUrl } = known.config;
  const asker = new Asker({ clock: io.clock, taskcluster: connect(rootUrl, io.env, io.clock, ANSWER_WITHIN) });
  asker.assume(known.state.watch.offset);
  const inquiry = new Inquiry(asker, known.config, known.state, io.stop);
  const advise = (why: Refusal, detail: string) => withRemedy(why, detail, rootUrl, io.env);
  return pools.length > 0
    ? inspectPools([...new Set(pools)], { inquiry, stored: known.stored, advise }, options, io)
    : inspectFleet({ inquiry, stored: known.stored, advise }, options, io);
}
