import type { Channel, Clock, Ports, Store, Taskcluster } from '../../src/ports.ts';

/** Dies at its nth effect (a call that changes something outside the process), before the world has seen it or after, but before the answer comes back. */
export interface Death {
  effect: number;
  point: 'before' | 'after';
}

/** A simulated process: everything it asks of the world goes through here, and once dead its calls never settle. */
export class Mortal {
  effects = 0;
  readonly #death: Death | undefined;
  readonly #died: () => void;
  #alive = true;

  constructor(death: Death | undefined, died: () => void) {
    this.#death = death;
    this.#died = died;
  }

  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#died();
  }

  async effect<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#alive) return never();
    const here = ++this.effects === this.#death?.effect;
    if (here && this.#death?.point === 'before') {
      this.kill();
      return never();
    }
    const outcome = await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (here) this.kill();
    if (!this.#alive) return never();
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /** A call that only looks; dying there is dying after the last effect. */
  async look<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#alive) return never();
    const value = await work();
    return this.#alive ? value : never();
  }

  ports({ clock, taskcluster, store, channels, log }: Ports): Ports {
    return {
      clock: this.#clock(clock),
      taskcluster: this.#taskcluster(taskcluster),
      store: this.#store(store),
      channels: new Map([...channels].map(([route, channel]) => [route, this.#channel(channel)])),
      log,
    };
  }

  #clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      sleepUntil: async (instant, stop) => {
        await clock.sleepUntil(instant, stop);
        if (!this.#alive) await never();
      },
    };
  }

  #taskcluster(inner: Taskcluster): Taskcluster {
    return {
      create: (canary) => this.effect(() => inner.create(canary)),
      statuses: (ids) => this.look(() => inner.statuses(ids)),
      cancel: (id) => this.effect(() => inner.cancel(id)),
      read: (request) => this.look(() => inner.read(request)),
    };
  }

  #store(inner: Store): Store {
    return {
      load: () => this.look(() => inner.load()),
      commit: (base, changes) => this.effect(() => inner.commit(base, changes)),
      claimDelivery: (now, busy) => this.effect(() => inner.claimDelivery(now, busy)),
      settleDelivery: (delivery, told, now) => this.effect(() => inner.settleDelivery(delivery, told, now)),
      nextDelivery: () => this.look(() => inner.nextDelivery()),
      undelivered: (now, owedFor) => this.look(() => inner.undelivered(now, owedFor)),
      forget: (now, retain) => this.look(() => inner.forget(now, retain)),
      history: (query) => this.look(() => inner.history(query)),
      close: () => inner.close(),
    };
  }

  #channel(inner: Channel): Channel {
    return {
      tell: (message, ref, doubt) => this.effect(() => inner.tell(message, ref, doubt)),
      ...(inner.retract && { retract: (ref: string) => this.effect(async () => inner.retract?.(ref)) }),
    };
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
