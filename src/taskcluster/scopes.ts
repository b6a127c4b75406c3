import { isObject } from '../evidence/object.ts';

const MISSING = /missing the following scopes:\s*```\s*([\s\S]*?)\s*```/;
const WANTED = /credentials that satisfy the following scope expression:\s*```\s*([\s\S]*?)\s*```/;

/** The scopes that Taskcluster's refusal asks for, in one line; undefined where it names none. */
export function missingScopes(message: string): string | undefined {
  const missing = MISSING.exec(message)?.[1];
  if (missing !== undefined) return `missing scopes: ${spelled(missing)}`;
  const wanted = WANTED.exec(message)?.[1];
  return wanted === undefined ? undefined : `credentials are needed, with these scopes: ${spelled(wanted)}`;
}

/** The text is one scope, or an expression of AllOf and AnyOf in JSON. */
function spelled(text: string): string {
  try {
    return expression(JSON.parse(text));
  } catch {
    return text.replace(/\s*\n\s*/g, ', ');
  }
}

function expression(value: unknown): string {
  if (!isObject(value)) return String(value);
  const { AllOf: all, AnyOf: any } = value;
  if (Array.isArray(all)) return all.map(expression).join(', ');
  if (!Array.isArray(any)) return JSON.stringify(value);
  // A create may be had by the right to any higher priority too; the last one named is the priority asked for.
  if (any.every((scope) => typeof scope === 'string' && scope.startsWith('queue:create-task:'))) return String(any.at(-1));
  return any.map(expression).join(' or ');
}
