import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { ConfigError, type ConfigProblem } from '../src/config/error.ts';
import { loadConfig } from '../src/config/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'tc-canary-config-'));
let written = 0;
afterAll(() => rmSync(directory, { recursive: true }));

/** Puts a text into a file of its own and gives its path. */
export function fileWith(content: string | Buffer): string {
  const file = join(directory, `${written++}.yml`);
  writeFileSync(file, content);
  return file;
}

/** What is wrong with a probe file; empty where nothing is. */
export async function problemsIn(file: string, env: Record<string, string | undefined> = {}): Promise<readonly ConfigProblem[]> {
  try {
    await loadConfig(file, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The problems of a text, each as one line without the file's name. */
export async function said(text: string, env: Record<string, string | undefined> = {}): Promise<string[]> {
  const problems = await problemsIn(fileWith(text), env);
  return problems.map(({ line, column, path, problem, remedy }) => `${line}:${column}  ${path}: ${problem}. ${remedy}`);
}

/** A problem on a line, at a path, with all of the words in it. */
export function like(line: number, path: string, ...words: string[]): unknown {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return expect.stringMatching(
    new RegExp(`^${line}:\\d+  ${literal(path)}: ${words.map((word) => `(?=.*${literal(word)})`).join('')}`),
  );
}

/** A valid file of 11 lines; entries given follow from line 12 on. */
export function valid(rest: string, { probes = '- pool: gecko-3/decision' }: { probes?: string } = {}): string {
  return `deployment: firefox-ci
taskcluster:
  rootUrl: https://tc.example.com
task:
  schedulerId: tc-canary
  owner: canary@example.com
  source: https://example.com/canary
# Entries from here on
probes:
${probes.replace(/^/gm, '  ')}
# differ from test to test.
${rest}`;
}
