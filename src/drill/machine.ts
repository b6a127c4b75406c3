import type { Clock, Ports } from '../ports.ts';
import { Mortal } from './mortal.ts';
import type { Effect, Kill, Point, ProberFault } from './scenario.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Setting {
  time: VirtualTime;
  /** What befalls this machine's processes. */
  faults: readonly ProberFault[];
  stop: AbortSignal;
  /** The ports of one process, which goes by the machine's clock. */
  ports: (clock: Clock) => Ports;
  /** The prober. */
  run: (ports: Ports) => Promise<void>;
}

type Killed = Extract<ProberFault, Kill>;

/** A machine that starts a process, and another where that has died. */
export class Machine {
  /** What its processes did to the world, in order. */
  readonly effects: { at: number; effect: Effect }[] = [];
  readonly #setting: Setting;
  readonly #right: Clock;
  readonly #clock: Clock;
  readonly #kills: readonly Killed[];
  /** Of each kill at an effect how many have come so far. */
  readonly #counts = new Map<Killed, number>();

  constructor(setting: Setting) {
    const { time, faults } = setting;
    this.#setting = setting;
    this.#right = time.clock();
    this.#kills = faults.filter((fault) => fault.kind === 'prober-killed').toSorted((a, b) => a.from - b.from);
    const skews = faults.filter((fault) => fault.kind === 'clock-skewed');
    const skewAt = (instant: number) =>
      skews.reduce((sum, fault) => sum + (holds(fault, instant) ? (fault.ahead ?? 0) - (fault.behind ?? 0) : 0), 0);
    this.#clock = skews.length === 0 ? this.#right : time.skewedClock(skewAt);
  }

  /** Until the machine is told to stop. */
  async live(): Promise<void> {
    while (!this.#setting.stop.aborted) await this.#process();
  }

  /** One process, from its start to its end, or the time until one may start. */
  async #process(): Promise<void> {
    const { time, stop, ports, run } = this.#setting;
    const timed = this.#kills.filter((kill) => !isCounted(kill) && kill.until > time.now);
    const dead = timed.find((kill) => holds(kill, time.now));
    if (dead !== undefined) return this.#right.sleepUntil(dead.until, stop);
    const ended = new AbortController();
    const died = new Promise<void>((resolve) => ended.signal.addEventListener('abort', () => resolve()));
    let back = time.now;
    const death = (effect: Effect): Point | undefined => {
      const kill = this.#struck(effect);
      back = Math.max(back, kill?.until ?? 0);
      return kill && (kill.point ?? 'before');
    };
    const mortal = new Mortal({ death, died: () => ended.abort(), paused: () => this.#paused() });
    const [next] = timed;
    if (next !== undefined) void this.#right.sleepUntil(next.from, ended.signal).then(() => mortal.kill());
    await Promise.race([run(mortal.ports(ports(this.#clock))), died]);
    await this.#right.sleepUntil(back, stop);
  }

  /** Counts an effect, and finds the kill that it is the last one for. */
  #struck(effect: Effect): Killed | undefined {
    const { now } = this.#setting.time;
    this.effects.push({ at: now, effect });
    const counting = this.#kills.filter(
      (kill) => isCounted(kill) && holds(kill, now) && (kill.effect === undefined || kill.effect === effect),
    );
    for (const kill of counting) this.#counts.set(kill, (this.#counts.get(kill) ?? 0) + 1);
    return counting.find((kill) => this.#counts.get(kill) === (kill.nth ?? 1));
  }

  #paused(): Promise<void> | undefined {
    const { time, faults, stop } = this.#setting;
    const pause = faults.find((fault) => fault.kind === 'prober-paused' && holds(fault, time.now));
    return pause === undefined || stop.aborted ? undefined : this.#right.sleepUntil(pause.until, stop);
  }
}

/** It strikes at an effect and not at an instant. */
function isCounted({ effect, nth, point }: Kill): boolean {
  return effect !== undefined || nth !== undefined || point !== undefined;
}

function holds({ from, until }: ProberFault, instant: number): boolean {
  return from <= instant && instant < until;
}
