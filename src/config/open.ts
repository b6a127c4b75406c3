import { Source } from './document.ts';
import { ConfigError, type ConfigProblem } from './error.ts';
import { readText } from './read.ts';

/** Some ten thousand probes; a larger file is not one of ours. Bytes. */
const MAX_FILE = 1024 * 1024;

/**
 * A source whose values can be read, though some of its syntax may be wrong.
 * @throws {ConfigError} where none of it can be read
 */
export async function openSource(file: string, noun: string): Promise<Source> {
  const whole = (problem: string, remedy: string) =>
    new ConfigError([{ file, line: 0, column: 0, path: '', problem: `the ${noun} ${problem}`, remedy }]);
  const text = await readText(file, MAX_FILE);
  if (!text.ok) throw whole(text.problem, text.remedy);
  const source = new Source(text.value);
  if (!source.syntax.every(({ passing }) => passing)) throw new ConfigError(syntaxOf(file, source));
  if (source.empty) throw whole('is empty', 'Begin with one of the examples in probes/.');
  try {
    source.values();
  } catch {
    throw whole('has aliases that grow beyond measure', 'Write the values out.');
  }
  return source;
}

export function syntaxOf(file: string, source: Source): ConfigProblem[] {
  return source.syntax.map(({ offset, problem, remedy }) => ({ file, ...source.placeOf(offset), path: '', problem, remedy }));
}
