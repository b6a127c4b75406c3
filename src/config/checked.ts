/**
 * What became of a text that somebody wrote. `problem` completes a sentence that begins with the text (`is not a duration`), so that
 * whoever reports it decides how much of the text may be shown; `remedy` is a sentence of its own.
 */
export type Checked<T> = { ok: true; value: T } | { ok: false; problem: string; remedy: string };

export function good<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function bad(problem: string, remedy: string): Checked<never> {
  return { ok: false, problem, remedy };
}

/** A check that passes a text on as it stands where it matches. */
export function matching(pattern: RegExp, problem: string, remedy: string): (text: string) => Checked<string> {
  return (text) => (pattern.test(text) ? good(text) : bad(problem, remedy));
}

/** A check that takes one word besides what another check takes, and says so where neither fits. */
export function orWord<const W extends string, T>(
  word: W,
  check: (text: string) => Checked<T>,
): (text: string) => Checked<T | W> {
  return (text) => {
    if (text === word) return good(word);
    const checked = check(text);
    return checked.ok ? checked : bad(checked.problem, `${checked.remedy} Or write ${word}.`);
  };
}

/** A check that a value is a whole number between two, both allowed; `noun` says of what. */
export function wholeNumber(noun: string, least: number, most: number): (value: unknown) => Checked<number> {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? good(value)
      : bad(`is no ${noun}`, `Write a whole number from ${least} to ${most}, without quotes.`);
}

/** The same for any number. */
export function numberWithin(noun: string, least: number, most: number): (value: unknown) => Checked<number> {
  return (value) =>
    typeof value === 'number' && value >= least && value <= most
      ? good(value)
      : bad(`is no ${noun}`, `Write a number from ${least} to ${most}, without quotes.`);
}

/** A check that a value is true or false. */
export function trueOrFalse(value: unknown): Checked<boolean> {
  return typeof value === 'boolean' ? good(value) : bad('is neither true nor false', 'Write true or false, without quotes.');
}
