import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: { include: ['test/**/*.test.ts'], globalSetup: 'test/postgres/setup.ts', testTimeout: 120_000, pool: 'forks' },
});
