/** Wakes whoever waits on it; a ring that comes while nobody waits is kept until the next `reset`. */
export class Bell {
  #ring = new AbortController();

  /** Aborted at the next ring. */
  get rung(): AbortSignal {
    return this.#ring.signal;
  }

  ring(): void {
    // A reason of our own spares an error with its stack, each time.
    this.#ring.abort('rung');
  }

  /** Call on waking, before looking for work, so that a ring during the work is not lost. */
  reset(): void {
    if (this.#ring.signal.aborted) this.#ring = new AbortController();
  }
}
