import { z } from 'zod';
import type { Path } from './document.ts';
import { didYouMean } from './suggest.ts';

/** Something wrong at a path. */
export interface Finding {
  path: Path;
  /** It is the key that is wrong, and not its value. */
  key?: true;
  /** Completes a sentence that begins with the value, or with the key. */
  problem: string;
  remedy: string;
}

/** What zod objects to in what the schema should take, in our words; it has to report its input. */
export function findingsOf(issues: readonly z.core.$ZodIssue[], schema: z.ZodType): Finding[] {
  return issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? unknownKeys(issue, schema) : [finding(issue, schema)]));
}

function finding(issue: z.core.$ZodIssue, schema: z.ZodType): Finding {
  const { path } = issue;
  if (issue.code === 'custom') {
    const { remedy, key } = issue.params ?? {};
    return { path, problem: issue.message, remedy: String(remedy), ...(key === true && { key }) };
  }
  if (issue.code === 'too_small') return { path, problem: 'is empty', remedy: 'Add an entry, or remove the key.' };
  if (issue.code === 'too_big')
    return { path, problem: 'has too many entries', remedy: `Leave ${issue.maximum} of them at most.` };
  if (issue.code === 'invalid_type' && issue.expected === 'array') {
    return { path, problem: misfit(issue.input, 'a list'), remedy: 'Write one entry a line under it, each beginning with "- ".' };
  }
  return {
    path,
    problem: misfit(issue.input, 'a set of keys'),
    remedy: `Write keys of these under it: ${keysAt(path, schema).join(', ')}.`,
  };
}

function misfit(value: unknown, wanted: string): string {
  if (value === undefined) return 'is missing';
  return value === null ? 'is empty' : `is not ${wanted}`;
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, schema: z.ZodType): Finding[] {
  const known = keysAt(issue.path, schema);
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    key: true,
    ...(key === 'mention' && issue.path.at(-1) === 'warn'
      ? { problem: 'stands under page only', remedy: 'Move it there: for a warning nobody is called.' }
      : { problem: 'is an unknown key', remedy: `${didYouMean(key, known)}Known here: ${known.join(', ')}.` }),
  }));
}

/** The keys that a schema knows at a path. */
function keysAt(path: Path, whole: z.ZodType): string[] {
  let schema: unknown = whole;
  for (const step of path) {
    schema = unwrapped(schema);
    if (schema instanceof z.ZodObject) schema = schema.shape[String(step)];
    else if (schema instanceof z.ZodArray) schema = schema.element;
  }
  schema = unwrapped(schema);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault ? unwrapped(schema.unwrap()) : schema;
}
