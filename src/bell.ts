/** Wakes whoever waits on it; a ring that comes while nobody waits is kept until the next `reset`. */
export class Bell {
  readonly #stop: AbortSignal;
  #ring = new AbortController();
  #woken: AbortSignal | undefined;

  /** Who waits is woken when `stop` is aborted, too. */
  constructor(stop: AbortSignal) {
    this.#stop = stop;
  }

  /** Aborted at the next ring. */
  get rung(): AbortSignal {
    return this.#ring.signal;
  }

  /** Aborted at the next ring, or to stop. One signal serves every wait up to the ring, for making one takes longer than most looks do. */
  get woken(): AbortSignal {
    this.#woken ??= AbortSignal.any([this.#stop, this.rung]);
    return this.#woken;
  }

  ring(): void {
    // A reason of our own spares an error with its stack, each time.
    this.#ring.abort('rung');
  }

  /** Call on waking, before looking for work, so that a ring during the work is not lost. */
  reset(): void {
    if (!this.rung.aborted) return;
    this.#ring = new AbortController();
    this.#woken = undefined;
  }
}
