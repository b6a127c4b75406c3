import { SECOND } from '../../src/evidence/instant.ts';
import type { Proxy as Wire } from '../postgres/proxy.ts';
import type { Server, Shutdown } from '../postgres/server.ts';
import type { Crew } from './crew.ts';
import type { FastTime } from './fast-time.ts';
import type { Ledger } from './ledger.ts';
import type { Process } from './process.ts';

/** In the middle of what a connection may be cut: the lock taken, a judgement half written, its end, a delivery claimed and settled. */
const CUTS = [
  'update "meta"',
  'insert into "probes"',
  'insert into "canaries"',
  'insert into "incidents"',
  'update "deliveries"',
  'commit',
];
/** A pass that failed is tried again after 5 s, and one under way may have waited 10 s for its connection. */
const AFTER_STORE = 20 * SECOND;

export interface Means {
  time: FastTime;
  ledger: Ledger;
  crew: Crew;
  proxy: Wire;
  server: Server;
  random: () => number;
  /** Whether a process that has no processor keeps the others from writing. */
  isLocked: () => Promise<boolean>;
}

/** Does one thing after the other to the processes and to their database, at random. */
export class Hazards {
  readonly #means: Means;
  #raging = true;
  #restarting: Promise<void> = Promise.resolve();

  constructor(means: Means) {
    this.#means = means;
  }

  /** Goes on until an instant, with pauses of at most `longest`; resolves when all of it is made good again. */
  async rage(until: number, longest: number): Promise<void> {
    const { time, random } = this.#means;
    const lasting = new Set<Promise<void>>();
    for (;;) {
      await time.pass((0.2 + 0.8 * random()) * longest);
      if (time.now() >= until) break;
      const done = this.#strike();
      lasting.add(done);
      void done.then(() => lasting.delete(done));
    }
    this.#raging = false;
    await Promise.all(lasting);
  }

  async #strike(): Promise<void> {
    const { random, proxy, ledger } = this.#means;
    const turn = random();
    if (turn < 0.4) return this.#kill();
    if (turn < 0.6) return this.#stop();
    if (turn < 0.8) {
      const text = CUTS[Math.floor(random() * CUTS.length)] ?? '';
      const point = random() < 0.5 ? 'before' : 'after';
      ledger.note('connection cut', `${point} ${text}`);
      return proxy.cutAt(text, point);
    }
    if (turn < 0.88) return this.#freeze();
    const how = random() < 0.5 ? 'fast' : 'immediate';
    this.#restarting = this.#restarting.then(() => this.#restart(how));
    return this.#restarting;
  }

  #any(processes: Process[]): Process | undefined {
    return processes[Math.floor(this.#means.random() * processes.length)];
  }

  #kill(): void {
    const victim = this.#any(this.#means.crew.running);
    if (victim === undefined) return;
    this.#means.ledger.note('SIGKILL', victim.name);
    victim.kill();
  }

  async #stop(): Promise<void> {
    const { time, crew, random, ledger, isLocked } = this.#means;
    const victim = this.#any(crew.running.filter((process) => !process.isStopped));
    if (victim === undefined) return;
    ledger.note('SIGSTOP', victim.name);
    victim.stop();
    const until = time.now() + (5 + random() * 55) * SECOND;
    const over = ledger.trouble('a stopped process holds the lock', AFTER_STORE);
    await time.pass(2 * SECOND);
    if (await isLocked()) ledger.note('stopped process held the lock', victim.name);
    else over();
    while (time.now() < until && this.#raging && victim.isStopped) await time.pass(SECOND);
    victim.goOn();
    over();
  }

  async #freeze(): Promise<void> {
    const { time, proxy, random, ledger } = this.#means;
    ledger.note('PostgreSQL frozen');
    const over = ledger.trouble('PostgreSQL frozen', AFTER_STORE);
    proxy.become('frozen');
    await time.pass((2 + random() * 18) * SECOND);
    proxy.become('through');
    over();
  }

  async #restart(how: Shutdown): Promise<void> {
    const { time, server, random, ledger } = this.#means;
    ledger.note(`PostgreSQL restarted, ${how}`);
    const over = ledger.trouble('PostgreSQL down', AFTER_STORE);
    await server.shutDown(how);
    await time.pass(random() * 15 * SECOND);
    await server.start();
    over();
  }
}
