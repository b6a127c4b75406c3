import { parseArgs } from 'node:util';
import { defineConfig } from 'vitest/config';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What `npm run soak -- --minutes 10 --seed 1` asks for: minutes of the machine's time, and the hazards' seed. */
    soak: { minutes: number; seed: number };
  }
}

const after = process.argv.indexOf('--');
const { values } = parseArgs({
  args: after < 0 ? [] : process.argv.slice(after + 1),
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) } },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (!(minutes > 0) || !Number.isSafeInteger(seed))
  throw new Error('write --minutes with a number above 0, --seed with a whole one');

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/soak/*.soak.ts'],
    testTimeout: (2 * minutes + 10) * 60_000,
    disableConsoleIntercept: true,
    provide: { soak: { minutes, seed } },
  },
});
