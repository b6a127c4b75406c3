import { loadConfig } from '../config/load.ts';
import type { Config } from '../evidence/probe.ts';
import type { State } from '../evidence/state.ts';
import type { ExitCode, Io } from '../io.ts';
import type { Store } from '../ports.ts';
import { openStore } from '../store/open.ts';

/** What is stored goes by the queue's clock. */
export function queueNow({ watch }: State, { clock }: Io): number {
  return clock.now() + watch.offset;
}

/** Works on the store of a probe file; nobody is told anything, so no secrets are needed. */
export async function withStore(
  file: string,
  io: Io,
  work: (config: Config, store: Store) => Promise<ExitCode>,
): Promise<ExitCode> {
  const config = await loadConfig(file, io.env, { channels: false });
  const store = await openStore(config);
  try {
    return await work(config, store);
  } finally {
    await store.close();
  }
}
