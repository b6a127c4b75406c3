import { loadConfig } from '../config/load.ts';
import type { Config } from '../evidence/probe.ts';
import type { Silence } from '../evidence/silence.ts';
import type { State } from '../evidence/state.ts';
import type { ExitCode, Io } from '../io.ts';
import type { Store } from '../ports.ts';
import { openStore } from '../store/open.ts';

/** Where a pass commits at the same time, what it knows now is silenced. */
export async function putSilence(store: Store, make: (state: State) => Silence): Promise<Silence> {
  for (;;) {
    const state = await store.load();
    const made = make(state);
    if ((await store.commit(state.revision, [{ kind: 'silence', silence: made }])) === 'committed') return made;
  }
}

/** Silences are compared with what the queue says, so they go by its clock. */
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
