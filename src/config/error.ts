import { escaped } from './shown.ts';

/** One thing that is wrong with a probe file. */
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

/** A probe file that cannot be used, with everything that is wrong with it; `message` has a line for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(printed).join('\n'));
    this.problems = problems;
  }
}

function printed({ file, line, column, path, problem, remedy }: ConfigProblem): string {
  const place = line === 0 ? escaped(file) : `${escaped(file)}:${line}:${column}`;
  return `${place}  ${path === '' ? '' : `${path}: `}${problem}. ${remedy}`;
}
