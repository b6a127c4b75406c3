import { bad, type Checked, good } from './checked.ts';
import { readText } from './read.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Far above any token or key. Bytes. */
const MAX_SECRET_FILE = 64 * 1024;
const REFERENCE = /\$\$|\$\{([^}]*)(\}?)/g;
const INSIDE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;
/** A text that is one variable and nothing else, without a default. */
const BARE = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

/** How a variable is written in a probe file. */
export function asVariable(name: string): string {
  return `\${${name}}`;
}

export function isBareVariable(text: string): boolean {
  return BARE.test(text);
}

/**
 * Fills in `${NAME}`, `${NAME:-default}` and `$$`, and gives the parts of the result in order. An empty variable counts as unset; where a
 * variable is unset, the trimmed content of the file that `NAME_FILE` names stands in. No problem repeats a value.
 */
export async function expand(text: string, env: Environment): Promise<Checked<string>[]> {
  const parts: Checked<string>[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    parts.push(good(text.slice(end, match.index)), await expandOne(match, env));
    end = match.index + match[0].length;
  }
  parts.push(good(text.slice(end)));
  return parts;
}

async function expandOne([whole, inside = '', close]: RegExpMatchArray, env: Environment): Promise<Checked<string>> {
  if (whole === '$$') return good('$');
  const [, name, fallback] = INSIDE.exec(inside) ?? [];
  if (close !== '}' || name === undefined || fallback?.includes('${')) {
    return bad(
      `has a ${asVariable('...')} that cannot be read`,
      `Write ${asVariable('NAME')} or ${asVariable('NAME:-default')}, and $$ for a dollar sign.`,
    );
  }
  const value = await held(name, env);
  if (value !== undefined) return value;
  if (fallback !== undefined) return good(fallback);
  const lack = Object.hasOwn(env, name) && env[name] === '' ? 'empty' : 'not set';
  return bad(`needs the variable ${name}, which is ${lack}`, `Set ${name}, or ${name}_FILE to a file that holds the value.`);
}

/** What a variable or the file that `<name>_FILE` names holds; undefined where neither is set. */
export async function held(name: string, env: Environment): Promise<Checked<string> | undefined> {
  const value = variable(env, name);
  if (value !== undefined) return good(value);
  const file = variable(env, `${name}_FILE`);
  return file === undefined ? undefined : fromFile(name, file);
}

async function fromFile(name: string, file: string): Promise<Checked<string>> {
  const content = await readText(file, MAX_SECRET_FILE);
  if (!content.ok)
    return bad(`needs the variable ${name}, and the file that ${name}_FILE names ${content.problem}`, content.remedy);
  const value = content.value.trim();
  if (value !== '') return good(value);
  return bad(`needs the variable ${name}, and the file that ${name}_FILE names is empty`, 'Write the value into it.');
}

/** A variable's value; undefined where it is unset or empty. */
function variable(env: Environment, name: string): string | undefined {
  return Object.hasOwn(env, name) && env[name] !== '' ? env[name] : undefined;
}
