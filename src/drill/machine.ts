import { MINUTE, SECOND } from '../evidence/instant.ts';
import type { Clock, Ports } from '../ports.ts';
import type { Random } from '../world/random.ts';
import { type Death, Mortal } from './mortal.ts';
import type { ProberFault } from './scenario.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Setting {
  time: VirtualTime;
  /** What befalls this machine's processes. */
  faults: readonly ProberFault[];
  /** How its processes die, in turn, by what they do; later ones live. */
  deaths: readonly Death[];
  random: Random;
  stop: AbortSignal;
  /** The ports of one process, which goes by the machine's clock. */
  ports: (clock: Clock) => Ports;
  /** The prober. */
  run: (ports: Ports) => Promise<void>;
}

/** A machine that starts a process, and another where that has died. */
export class Machine {
  /** Effects that each of its processes had, those of the last one last. */
  readonly effects: number[] = [];
  readonly diedAt: number[] = [];
  readonly #setting: Setting;
  readonly #right: Clock;
  readonly #clock: Clock;

  constructor(setting: Setting) {
    const { time, faults } = setting;
    this.#setting = setting;
    this.#right = time.clock();
    const skews = faults.filter((fault) => fault.kind === 'clock-skewed');
    const skewAt = (instant: number) =>
      skews.reduce((sum, fault) => sum + (holds(fault, instant) ? (fault.ahead ?? 0) - (fault.behind ?? 0) : 0), 0);
    this.#clock = skews.length === 0 ? this.#right : time.skewedClock(skewAt);
  }

  /** Until the machine is told to stop. */
  async live(): Promise<void> {
    const { stop, deaths } = this.#setting;
    for (let life = 0; !stop.aborted; life++) await this.#process(deaths[life]);
  }

  /** One process, from its start to its end, and the time until another may start. */
  async #process(death: Death | undefined): Promise<void> {
    const { time, faults, random, stop, ports, run } = this.#setting;
    const kill = faults.find((fault) => fault.kind === 'prober-killed' && fault.until > time.now);
    if (kill !== undefined && kill.from <= time.now) return this.#right.sleepUntil(kill.until, stop);
    const ended = new AbortController();
    const died = new Promise<void>((resolve) => ended.signal.addEventListener('abort', () => resolve()));
    const mortal = new Mortal({ death, died: () => ended.abort(), paused: () => this.#paused() });
    if (kill !== undefined) void this.#right.sleepUntil(kill.from, ended.signal).then(() => mortal.kill());
    const nth = this.effects.push(0) - 1;
    await Promise.race([run(mortal.ports(ports(this.#clock))), died]);
    this.effects[nth] = mortal.effects;
    if (stop.aborted) return;
    this.diedAt.push(time.now);
    if (kill?.from !== time.now) await this.#right.sleepUntil(time.now + SECOND + random.index(MINUTE), stop);
  }

  #paused(): Promise<void> | undefined {
    const { time, faults, stop } = this.#setting;
    const pause = faults.find((fault) => fault.kind === 'prober-paused' && holds(fault, time.now));
    return pause === undefined || stop.aborted ? undefined : this.#right.sleepUntil(pause.until, stop);
  }
}

function holds({ from, until }: ProberFault, instant: number): boolean {
  return from <= instant && instant < until;
}
