import { z } from 'zod';
import { bad, type Checked, good } from './checked.ts';

/** How an editor is told of a value: what it is for, and what it may look like. */
export interface Hint {
  description: string;
  /** For messages. */
  example: string | number | boolean;
  /** Keywords of JSON Schema; any text by default, for `${VAR}` may stand for a part of every text. */
  json?: Record<string, unknown>;
}

/** A zod schema of one value, checked by a function that knows problem and remedy. */
export function leaf<T>(check: (value: unknown) => Checked<T>, { description, example, json = { type: 'string' } }: Hint) {
  return z
    .unknown()
    .transform((value, context): T => {
      const checked = checkPresent(value, check, example);
      if (checked.ok) return checked.value;
      context.addIssue({ code: 'custom', message: checked.problem, params: { remedy: checked.remedy } });
      return z.NEVER;
    })
    .meta({ ...json, description });
}

/** The same for a value that has to be text. */
export function textLeaf<T>(check: (text: string) => Checked<T>, hint: Hint) {
  return leaf((value) => checkText(value, check), hint);
}

function checkPresent<T>(value: unknown, check: (value: unknown) => Checked<T>, example: Hint['example']): Checked<T> {
  if (value === undefined) return bad('is missing', `Add it; an example is ${example}.`);
  if (value === null || value === '')
    return bad('is empty', `Write a value, such as ${example}; what follows a bare # is a comment.`);
  return check(value);
}

function checkText<T>(value: unknown, check: (text: string) => Checked<T>): Checked<T> {
  if (typeof value === 'string') return check(value);
  const checked = typeof value === 'number' ? check(String(value)) : good(undefined);
  return checked.ok ? bad('is not text', 'Put it in quotes if it is meant as text.') : checked;
}
