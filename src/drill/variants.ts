import { z } from 'zod';
import { oneOf } from '../config/choice.ts';
import { findingsOf } from '../config/issues.ts';
import { record } from '../config/raw.ts';

type Shapes = Record<string, z.ZodRawShape>;
type Variant<S extends Shapes, K extends keyof S> = { kind: K } & z.output<z.ZodObject<S[K]>>;

/**
 * A set of keys of which `kind` says what the others may be. Unlike a union of zod's, it says of a wrong key what is known beside that
 * kind.
 */
export function variants<S extends Shapes>(noun: string, shapes: S) {
  const kinds = Object.keys(shapes);
  const check = oneOf(kinds, noun);
  return z.unknown().transform((value, context): { [K in keyof S]: Variant<S, K> }[keyof S] => {
    const { kind } = record(value);
    const checked = check(typeof kind === 'string' ? kind : '');
    if (!checked.ok) {
      const problem = kind === undefined ? 'has no kind' : checked.problem;
      const path = kind === undefined ? [] : ['kind'];
      context.addIssue({ code: 'custom', message: problem, path, params: { remedy: checked.remedy } });
      return z.NEVER;
    }
    const schema = z.strictObject({ kind: z.string(), ...shapes[checked.value] });
    const parsed = schema.safeParse(value, { reportInput: true });
    if (parsed.success) return parsed.data as Variant<S, keyof S>;
    for (const { path, key, problem, remedy } of findingsOf(parsed.error.issues, schema))
      context.addIssue({ code: 'custom', message: problem, path: [...path], params: { remedy, key } });
    return z.NEVER;
  });
}
