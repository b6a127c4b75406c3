import { it } from 'vitest';
import { median, print, wallOf } from './figures.ts';

it('start', () => {
  const commands = {
    'node -e 0': ['-e', '0'],
    'tc-canary --version': ['dist/cli.js', '--version'],
    'tc-canary run --help': ['dist/cli.js', 'run', '--help'],
  };
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, [] as number[]]));
  for (let i = 0; i < 15; i++) for (const [name, args] of Object.entries(commands)) times[name]?.push(wallOf(args));
  const base = median(times['node -e 0'] ?? []);
  print(
    'Cold start, whole process, median of 15 in turn',
    Object.entries(times).map(([command, all]) => ({
      command,
      'median, ms': Math.round(median(all)),
      'of node -e 0': (median(all) / base).toFixed(2),
    })),
  );
});
