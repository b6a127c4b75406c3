import type { Channel, Clock, Ports, Store, Taskcluster } from '../ports.ts';
import type { Effect, Point } from './scenario.ts';

interface Fate {
  /** Asked at each effect whether it dies there, and where in it. */
  death: (effect: Effect) => Point | undefined;
  /** Called once, when it dies. */
  died: () => void;
  /** While it gets no CPU: until when it waits. Default: it always runs. */
  paused?: () => Promise<void> | undefined;
}

/** A simulated process: everything it asks of the world goes through here, and once dead its calls never settle. */
export class Mortal {
  readonly #fate: Fate;
  #alive = true;

  constructor(fate: Fate) {
    this.#fate = fate;
  }

  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#fate.died();
  }

  async effect<T>(effect: Effect, work: () => Promise<T>): Promise<T> {
    await this.#turn();
    if (!this.#alive) return never();
    const death = this.#fate.death(effect);
    if (death === 'before') {
      this.kill();
      return never();
    }
    const outcome = await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (death === 'after') this.kill();
    await this.#turn();
    if (!this.#alive) return never();
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /** A call that only looks; dying there is dying after the last effect. */
  async look<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    if (!this.#alive) return never();
    const value = await work();
    await this.#turn();
    return this.#alive ? value : never();
  }

  /** Until it has the CPU. */
  async #turn(): Promise<void> {
    for (let held = this.#fate.paused?.(); held !== undefined; held = this.#fate.paused?.()) await held;
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
      elapsed: () => clock.elapsed(),
      sleepUntil: async (instant, stop) => {
        await clock.sleepUntil(instant, stop);
        await this.#turn();
        if (!this.#alive) await never();
      },
    };
  }

  #taskcluster(inner: Taskcluster): Taskcluster {
    return {
      create: (canary) => this.effect('create', () => inner.create(canary)),
      statuses: (ids) => this.look(() => inner.statuses(ids)),
      cancel: (id) => this.effect('cancel', () => inner.cancel(id)),
      read: (request) => this.look(() => inner.read(request)),
      calls: () => inner.calls(),
    };
  }

  #store(inner: Store): Store {
    return {
      load: (least) => this.look(() => inner.load(least)),
      commit: (base, changes) => this.effect('commit', () => inner.commit(base, changes)),
      claimDelivery: (now, busy) => this.effect('claim', () => inner.claimDelivery(now, busy)),
      settleDelivery: (delivery, told, now) => this.effect('settle', () => inner.settleDelivery(delivery, told, now)),
      nextDelivery: (now) => this.look(() => inner.nextDelivery(now)),
      lease: (name, now, until) => this.effect('lease', () => inner.lease(name, now, until)),
      undelivered: (now, owedFor) => this.look(() => inner.undelivered(now, owedFor)),
      forget: (now, retain) => this.look(() => inner.forget(now, retain)),
      history: (query) => this.look(() => inner.history(query)),
      recall: (key) => this.look(() => inner.recall(key)),
      note: (key, before, after) => this.effect('note', () => inner.note(key, before, after)),
      canaries: (probe, limit) => this.look(() => inner.canaries(probe, limit)),
      lived: (probes, from, until) => this.look(() => inner.lived(probes, from, until)),
      incidents: (since) => this.look(() => inner.incidents(since)),
      knows: (incidents) => this.look(() => inner.knows(incidents)),
      close: () => inner.close(),
    };
  }

  #channel(inner: Channel): Channel {
    return {
      tell: (message, ref, doubt) => this.effect('tell', () => inner.tell(message, ref, doubt)),
      ...(inner.standing && {
        standing: (deployment: string, since: number) => this.look(async () => inner.standing?.(deployment, since)),
      }),
      ...(inner.retract && { retract: (ref: string) => this.effect('retract', async () => inner.retract?.(ref)) }),
    };
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
