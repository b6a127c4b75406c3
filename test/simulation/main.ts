import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { wallClock } from '../../src/clock.ts';
import { SECOND } from '../../src/evidence/instant.ts';
import type { Answer } from './work.ts';

/** fast-check takes 32 bits; so many seconds since 1970 fit until 2038. */
const LAST_SEED = 2 ** 31 - 1;
const FOUND = 'build/found';
const USAGE = `npm run simulate -- [--seeds 1000] [--from N] [--jobs N]

Plays a random night for each seed and holds it against the promises. Without --from it begins at a seed that nobody has played, the
second it is; the same number plays the same night again. A night that breaks a promise is shortened and left in ${FOUND}/ as a drill file.
`;

/** Progress is told so often. */
const TOLD_EVERY = 10 * SECOND;

interface Wish {
  seeds: number;
  from: number;
  jobs: number;
}

const wish = wishOf(process.argv.slice(2));
if (wish === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = (await simulate(wish)) === 0 ? 0 : 1;
}

function wishOf(args: string[]): Wish | undefined {
  try {
    const options = { seeds: { type: 'string' }, from: { type: 'string' }, jobs: { type: 'string' } } as const;
    const { values } = parseArgs({ args, options });
    const seeds = Number(values.seeds ?? 1000);
    const from = Number(values.from ?? Math.floor(wallClock.now() / SECOND));
    const jobs = Number(values.jobs ?? availableParallelism());
    const whole = [seeds, from, jobs].every(Number.isSafeInteger);
    return whole && seeds > 0 && from >= 0 && from + seeds <= LAST_SEED && jobs > 0 ? { seeds, from, jobs } : undefined;
  } catch {
    return undefined;
  }
}

/** Resolves to how many seeds broke a promise. */
async function simulate({ seeds, from, jobs }: Wish): Promise<number> {
  const until = from + seeds;
  process.stdout.write(`seeds ${from} to ${until - 1}, ${jobs} at a time\n`);
  const began = wallClock.now();
  let [next, done, failed, seconds, toldAt] = [from, 0, 0, 0, began];
  const take = (answer: Answer) => {
    done++;
    seconds += answer.seconds;
    if (answer.failure !== undefined) {
      failed++;
      tell(answer.seed, answer.failure);
    }
    const now = wallClock.now();
    if (now - toldAt < TOLD_EVERY) return;
    toldAt = now;
    process.stdout.write(`${done} of ${seeds}, ${failed} failed, ${(seconds / done).toFixed(2)} s of the processor a seed\n`);
  };
  await Promise.all(
    Array.from(
      { length: Math.min(jobs, seeds) },
      () =>
        new Promise<void>((resolve, reject) => {
          const worker = fork(new URL('work.js', import.meta.url));
          const more = () => (next < until ? worker.send(next++) : worker.disconnect());
          worker.on('message', (answer: Answer) => {
            take(answer);
            more();
          });
          worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`))));
          more();
        }),
    ),
  );
  const took = ((wallClock.now() - began) / SECOND).toFixed(0);
  const verdict = failed === 0 ? 'every promise kept' : `${failed} of ${seeds} seeds broke a promise`;
  process.stdout.write(
    `seeds ${from} to ${until - 1}: ${verdict}, in ${took} s, ${(seconds / done).toFixed(2)} s of the processor a seed\n`,
  );
  return failed;
}

function tell(seed: number, { broken, plays, file }: NonNullable<Answer['failure']>): void {
  mkdirSync(FOUND, { recursive: true });
  const path = `${FOUND}/${seed}.yml`;
  writeFileSync(path, `# Seed ${seed}, shortened.\n${broken.map((line) => line.replace(/^/gm, '# ')).join('\n')}\n${file}`);
  process.stdout.write(`\nseed ${seed}, ${path}, after ${plays} plays:\n${broken.map((line) => `  ${line}\n`).join('')}\n`);
}
