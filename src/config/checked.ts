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
