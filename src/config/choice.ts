import { isObject } from '../evidence/object.ts';
import type { ProbeEntry } from '../evidence/probe.ts';
import { PAYLOAD_KINDS, PRIORITIES, type Priority } from '../evidence/task.ts';
import { bad, type Checked, good } from './checked.ts';
import { didYouMean } from './suggest.ts';

/** A check that a text is one of a few words. */
export function oneOf<const W extends string>(words: readonly W[], noun: string): (text: string) => Checked<W> {
  return (text) => {
    const word = words.find((known) => known === text);
    return word === undefined ? bad(`is no ${noun}`, `${didYouMean(text, words)}Write one of ${words.join(', ')}.`) : good(word);
  };
}

export const checkPriority: (text: string) => Checked<Priority> = oneOf(PRIORITIES, 'priority of Taskcluster');

export const PAYLOAD_WORDS = ['auto', ...PAYLOAD_KINDS] as const;
const payloadWord = oneOf(PAYLOAD_WORDS, 'payload');

/** `auto`, a kind of payload, or an object that is sent as it stands. */
export function checkPayload(value: unknown): Checked<ProbeEntry['payload']> {
  if (typeof value === 'string') return payloadWord(value);
  if (!isObject(value)) return bad('is no payload', `Write one of ${PAYLOAD_WORDS.join(', ')}, or an object.`);
  try {
    JSON.stringify(value);
    return good(value);
  } catch {
    return bad('cannot be written as JSON', 'Remove the alias by which the object contains itself.');
  }
}
