import { randomUUID } from 'node:crypto';
import { MINUTE } from './evidence/instant.ts';
import type { Store } from './ports.ts';

/** A note that processes share; one at a time has it to itself, until an instant of our own clock. */
export interface Shared {
  claim?: { by: string; until: number };
}

export interface Read<N extends Shared> {
  note: N;
  /** As it stands in the store; absent where nothing does. */
  text?: string;
  /** Until when another process has it. */
  until?: number;
}

/** Longer than a message takes with every call at its limit and the wait for a picture. */
const CLAIM_FOR = 5 * MINUTE;

/** What was last noted, or `empty`. A claim from far ahead was made by a clock that has been put back since. */
export async function readNote<N extends Shared>(store: Store, key: string, empty: N, now: number): Promise<Read<N>> {
  const text = await store.recall(key);
  const note: N = text === undefined ? empty : JSON.parse(text);
  const until = note.claim?.until ?? 0;
  return { ...(text !== undefined && { text }), note, ...(until > now && until <= now + CLAIM_FOR && { until }) };
}

/** Undefined where another process was faster. */
export async function claimNote<N extends Shared>(
  store: Store,
  key: string,
  { text, note }: Read<N>,
  now: number,
): Promise<Claimed<N> | undefined> {
  const claimed = { ...note, claim: { by: randomUUID(), until: now + CLAIM_FOR } };
  const after = JSON.stringify(claimed);
  return (await store.note(key, text, after)) ? new Claimed(store, key, claimed, after) : undefined;
}

/** A note that this process has to itself. */
export class Claimed<N extends Shared> {
  readonly #store: Store;
  readonly #key: string;
  #text: string;
  note: N;

  constructor(store: Store, key: string, note: N, text: string) {
    this.#store = store;
    this.#key = key;
    this.note = note;
    this.#text = text;
  }

  /** Puts it and keeps the claim. Nothing is put where the claim had run out and another process has taken it over. */
  async put(change: Partial<N>): Promise<void> {
    await this.#write({ ...this.note, ...change });
  }

  /** Puts it for whoever claims it next. */
  async settle(note: N): Promise<void> {
    const { claim: _over, ...free } = note;
    await this.#write(free as N);
  }

  async #write(note: N): Promise<void> {
    const text = JSON.stringify(note);
    if (!(await this.#store.note(this.#key, this.#text, text))) return;
    this.note = note;
    this.#text = text;
  }
}
