import { isGlob } from '../judge/probes.ts';
import { bad, type Checked, good } from './checked.ts';

/** Taskcluster's own rule for a task queue's id. */
const POOL = /^[a-zA-Z0-9-_]{1,38}\/[a-z]([-a-z0-9]{0,36}[a-z0-9])?$/;
const FORM = 'Write it as provisionerId/workerType, such as gecko-3/decision';
const PROVISIONER_RULE = 'a provisionerId has 1 to 38 letters, digits, - and _';
const WORKER_RULE = 'a workerType has up to 38 lower-case letters, digits and -, begins with a letter and does not end with -';

/** True for the id of one worker pool, `provisionerId/workerType`, that Taskcluster would accept. */
export function isPool(text: string): boolean {
  return POOL.test(text);
}

export function checkPool(text: string): Checked<string> {
  if (isPool(text)) return good(text);
  if (!/^[^/]+\/[^/]+$/.test(text)) return bad('is no worker pool', `${FORM}.`);
  return bad('is a name that Taskcluster refuses', `${FORM}: ${PROVISIONER_RULE}; ${WORKER_RULE}.`);
}

/** A set of characters in a glob: `[13]`, `[a-f]`, `[!x]`. */
const SET = /\[!?([^[\]!]+)\]/g;

/** One pool, or a pattern (`*`, `?`, `[...]`, none of which crosses the slash) that some valid pool could match. */
export function checkPoolOrGlob(text: string): Checked<string> {
  if (!isGlob(text)) return checkPool(text);
  const [provisioner = '', worker = '', ...rest] = text.replace(SET, '?').split('/');
  if (provisioner === '' || worker === '' || rest.length > 0)
    return bad('is no pattern of worker pools', `${FORM}, with * or ? or [...] in either half.`);
  if (!setsMakeSense(text))
    return bad('has a set of characters that cannot be read', 'Write a set as [13], [a-f] or [!x], ranges in order.');
  const possible = /^[a-zA-Z0-9-_*?]+$/.test(provisioner) && /^[a-z*?][-a-z0-9*?]*$/.test(worker) && !worker.endsWith('-');
  const short = [provisioner, worker].every((half) => half.replaceAll('*', '').length <= 38);
  if (possible && short) return good(text);
  return bad('matches no name that Taskcluster accepts', `${FORM}: ${PROVISIONER_RULE}; ${WORKER_RULE}.`);
}

function setsMakeSense(glob: string): boolean {
  if (/[[\]!]/.test(glob.replace(SET, ''))) return false;
  return [...glob.matchAll(SET)].every(([, characters = '']) => {
    const ranges = characters.replace(/(.)-(.)/g, (range, from: string, to: string) => (from <= to ? 'x' : range));
    return /^[a-zA-Z0-9_]+$/.test(ranges.replace(/^-|-$/g, '') || 'x');
  });
}
