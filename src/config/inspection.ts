import type { Path, Source } from './document.ts';
import { isBareVariable } from './environment.ts';
import type { ConfigProblem } from './error.ts';
import type { Filled } from './fill.ts';
import type { Finding } from './issues.ts';
import { isHidden } from './secrets.ts';
import { plain, shown } from './shown.ts';

/** Turns findings into problems with places: what stands in the file is shown, what a variable holds never. */
export class Inspection {
  readonly #file: string;
  readonly #source: Source;
  readonly #filled: Filled;

  constructor(file: string, source: Source, filled: Filled) {
    this.#file = file;
    this.#source = source;
    this.#filled = filled;
  }

  /** Leaves out what follows from a variable that is not set. */
  problems(findings: readonly Finding[]): ConfigProblem[] {
    const fresh = findings.filter(({ path, key }) => {
      if (key === true) return true;
      const scalar = this.#source.scalarAt(path);
      return scalar === undefined || !this.#filled.lacking.has(scalar);
    });
    const known = new Map(
      [...this.#filled.findings, ...fresh].map((finding) => this.#problem(finding)).map((p) => [JSON.stringify(p), p]),
    );
    return [...known.values()];
  }

  #problem({ path, key, problem, remedy }: Finding): ConfigProblem {
    const subject = key === true ? '' : this.#subject(path);
    return {
      file: this.#file,
      ...this.#source.place(path, key === true),
      path: printedPath(path),
      problem: subject === '' ? problem : `${subject} ${problem}`,
      remedy,
    };
  }

  /** Nothing where there is no value to speak of. */
  #subject(path: Path): string {
    const scalar = this.#source.scalarAt(path);
    if (scalar === undefined) return this.#source.has(path) ? 'the value' : '';
    const written = this.#filled.written.get(scalar) ?? scalar.value;
    if (written === null || written === '') return '';
    return isHidden(path) && !(typeof written === 'string' && isBareVariable(written)) ? 'the value' : shown(written);
  }
}

function printedPath(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${plain(String(step))}`)).join('');
}
