import { escaped } from './shown.ts';

/** One thing that is wrong with a file. */
export interface ConfigProblem {
  file: string;
  /** From 1; 0 where it concerns the file as a whole. */
  line: number;
  column: number;
  /** Such as `probes[2].pageAfter`; empty where it concerns no key. */
  path: string;
  problem: string;
  remedy: string;
}

/** Files that cannot be used, with everything that is wrong with them in the order of their lines; `message` has a line for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const sorted = problems.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
    super(sorted.map(printed).join('\n'));
    this.problems = sorted;
  }
}

function printed({ file, line, column, path, problem, remedy }: ConfigProblem): string {
  const place = line === 0 ? escaped(file) : `${escaped(file)}:${line}:${column}`;
  return `${place}  ${path === '' ? '' : `${path}: `}${problem}. ${remedy}`;
}
