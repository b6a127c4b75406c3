import type { TestProject } from 'vitest/node';
import { startServer } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server on which test files make databases of their own. */
    postgres: string;
  }
}

/** One server for a whole run: the one that TEST_POSTGRES_URL names, whose user may create databases, or one of our own. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['TEST_POSTGRES_URL'];
  if (given !== undefined && given !== '') {
    project.provide('postgres', given);
    return undefined;
  }
  const server = await startServer();
  project.provide('postgres', server.url);
  return () => server.stop();
}
