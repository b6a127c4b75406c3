import { CAUSES } from '../evidence/incident.ts';
import { isGlob } from '../judge/probes.ts';
import { bad, type Checked, good } from './checked.ts';
import { checkName } from './fields.ts';
import { checkPoolOrGlob, isPool } from './pool.ts';
import { didYouMean } from './suggest.ts';

const FORM = `Write a pool, a glob over pools such as gecko-t/*, the name of a probe, or a cause: ${CAUSES.join(', ')}.`;

/** What a silence silences: a pool, a glob over pools, the name of a probe, or a cause. */
export function checkMatch(text: string): Checked<string> {
  if (isGlob(text)) return checkPoolOrGlob(text);
  return checkName(text).ok ? good(text) : bad('is neither pool, glob, probe nor cause', FORM);
}

/** The same against the names of the probes there are, for a text that is neither a pool nor a cause can only be one of them. */
export function checkKnown(text: string, probes: readonly string[]): Checked<string> {
  const known: readonly string[] = [...CAUSES, ...probes];
  if (isGlob(text) || isPool(text) || known.includes(text)) return good(text);
  return bad('is the name of no probe in this file, and no cause', `${didYouMean(text, known)}${FORM}`);
}
