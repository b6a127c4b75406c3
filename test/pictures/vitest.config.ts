import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: { include: ['test/pictures/*.pictures.ts'], testTimeout: 1_200_000, disableConsoleIntercept: true },
});
