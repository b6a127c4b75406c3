import { printScenario } from '../../src/drill/print.ts';
import { playSeed } from './seed.ts';

/** What became of one seed, as one process tells another. */
export interface Answer {
  seed: number;
  /** Of the processor. */
  seconds: number;
  failure?: { broken: string[]; plays: number; file: string };
}

/** A process that plays the seeds that it is sent, one after another, until nobody sends any more. */
process.on('message', (seed: number) => {
  void answer(seed).then((done) => process.send?.(done));
});

async function answer(seed: number): Promise<Answer> {
  const before = process.cpuUsage();
  const failure = await playSeed(seed);
  const { user, system } = process.cpuUsage(before);
  const told = failure && { broken: failure.broken, plays: failure.plays, file: printScenario(failure.scenario) };
  return { seed, seconds: (user + system) / 1e6, ...(told && { failure: told }) };
}
