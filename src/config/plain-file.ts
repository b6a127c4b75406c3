import type { z } from 'zod';
import type { Path } from './document.ts';
import { ConfigError } from './error.ts';
import { Inspection } from './inspection.ts';
import { type Finding, findingsOf } from './issues.ts';
import { openSource, syntaxOf } from './open.ts';

interface Kind<S extends z.ZodType> {
  /** What a message calls the file. */
  noun: string;
  schema: S;
  /** What is wrong between its keys, in the values as they were written. Default: nothing. */
  cross?: (values: unknown, lineOf: (path: Path) => number) => Finding[];
}

const NOTHING_FILLED = { findings: [], lacking: new Set<never>(), written: new Map<never, never>() };

/**
 * Reads a YAML file without variables and checks it whole.
 * @throws {ConfigError} that lists all that is wrong with it
 */
export async function loadPlain<S extends z.ZodType>(
  file: string,
  { noun, schema, cross = () => [] }: Kind<S>,
): Promise<{ value: z.output<S>; lineOf: (path: Path) => number }> {
  const source = await openSource(file, noun);
  const values = source.values();
  const parsed = schema.safeParse(values, { reportInput: true });
  const lineOf = (path: Path) => source.place(path).line;
  const findings = [...(parsed.success ? [] : findingsOf(parsed.error.issues, schema)), ...cross(values, lineOf)];
  const problems = [...syntaxOf(file, source), ...new Inspection(file, source, NOTHING_FILLED).problems(findings)];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return { value: parsed.data, lineOf };
}
