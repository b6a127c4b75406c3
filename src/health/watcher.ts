import type { Config } from '../evidence/probe.ts';
import type { Rules } from '../judge/docket.ts';
import type { Passed } from '../pass.ts';
import type { Ports } from '../ports.ts';
import type { Health } from './health.ts';
import { Heartbeat } from './heartbeat.ts';
import { StoreAlarm } from './store-alarm.ts';

/** Watches the service itself: what its pass came to decides what it says of its health, and whom it calls. Holds up nothing. */
export class Watcher {
  readonly #health: Health;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #alarm: StoreAlarm;

  constructor(ports: Ports, config: Config, rules: Rules, health: Health, stop: AbortSignal) {
    this.#health = health;
    this.#heartbeat = heartbeatFor(config, ports);
    this.#alarm = new StoreAlarm(ports, config, (level) => rules.addressees(undefined, level), stop);
  }

  /** A pass has ended and was stored. */
  passed(passed: Passed): void {
    this.#health.passed(passed);
    this.#health.channels(passed.undelivered);
    this.#alarm.worked();
    void this.#heartbeat?.passed(passed, passed.undelivered);
  }

  /** The error that a pass ended in. Anything but a fault of the store shows in that complete passes stay away. */
  failed(error: unknown): void {
    if (!(error instanceof Error) || error.name !== 'StoreError') return;
    this.#health.failed(error);
    this.#alarm.failed(error);
  }
}

/** The dead man's switch that the configuration names. */
export function heartbeatFor({ heartbeat }: Config, { clock, log }: Pick<Ports, 'clock' | 'log'>): Heartbeat | undefined {
  return heartbeat && new Heartbeat(heartbeat, { clock, log });
}
