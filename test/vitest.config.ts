import { defineConfig } from 'vitest/config';

// Most files wait for clocks, processes and servers rather than for a processor, so each gets one: vitest leaves one free by itself.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/postgres/setup.ts',
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: '100%',
  },
});
