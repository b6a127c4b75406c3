import { z } from 'zod';
import { bad, type Checked, good, numberWithin, wholeNumber } from '../config/checked.ts';
import { oneOf } from '../config/choice.ts';
import { duration } from '../config/hints.ts';
import { leaf, textLeaf } from '../config/leaf.ts';
import { checkInstant } from '../config/times.ts';

/** The values that drill files and deployment files are made of. */

export const instant = (description: string) => textLeaf(checkInstant, { description, example: '2021-10-08T23:01:00Z' });

export const share = (description: string) => leaf(numberWithin('share', 0, 1), { description, example: 0.5 });

export const number = (description: string, noun: string, most: number) =>
  leaf(numberWithin(noun, 0, most), { description, example: 1 });

export const count = (description: string, noun: string, least = 0, most = 1_000_000) =>
  leaf(wholeNumber(noun, least, most), { description, example: Math.max(1, least) });

export const word = <const W extends string>(words: readonly W[], noun: string, description: string) =>
  textLeaf(oneOf(words, noun), { description, example: words[0] ?? '' });

export const text = (description: string, example: string) => textLeaf(good<string>, { description, example });

export const spread = (description: string) =>
  z
    .strictObject({ p50: duration('The median.', '60s'), p95: duration('The 95th percentile, not under the median.', '3m') })
    .meta({ description });

/** One of a few values that are not text. */
export const oneValue = <const V extends number | boolean>(known: readonly V[], description: string) => {
  const check = (value: unknown): Checked<V> => {
    const found = known.find((one) => one === value);
    const remedy = `Write ${known.length === 1 ? '' : 'one of '}${known.join(', ')}, without quotes.`;
    return found === undefined ? bad('is none of the values known here', remedy) : good(found);
  };
  return leaf(check, { description, example: String(known[0]) });
};

export const flag = (description: string) => oneValue([true, false], description);

/** A list of so many factors, from 0 to 100. */
export const factors = (length: number, description: string) =>
  leaf(checkFactors(length), { description, example: `[${Array.from({ length }, () => 1).join(', ')}]` });

function checkFactors(length: number): (value: unknown) => Checked<number[]> {
  return (value) => {
    const given: unknown[] = Array.isArray(value) ? value : [];
    const numbers = given.filter((one): one is number => typeof one === 'number' && one >= 0 && one <= 100);
    return numbers.length === length && given.length === length
      ? good(numbers)
      : bad(`is no list of ${length} factors`, `Write ${length} numbers from 0 to 100.`);
  };
}
