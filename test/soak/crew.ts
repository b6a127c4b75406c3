import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { FastTime } from './fast-time.ts';
import type { Ledger } from './ledger.ts';
import { Process } from './process.ts';

const REPLICAS = 3;
/** What a CronJob of the README has for `activeDeadlineSeconds`. */
const CRON_DEADLINE = 50 * SECOND;
/** What Kubernetes leaves a pod that it has asked to end. */
const GRACE = 30 * SECOND;
/** Before a process that ended takes its place again. */
const BACK_AFTER = SECOND;

/** Three replicas of the service, each started again when it ends, and a CronJob on the same store. */
export class Crew {
  /** Every process that there ever was. */
  readonly all: Process[] = [];
  readonly #time: FastTime;
  readonly #ledger: Ledger;
  readonly #env: Record<string, string | undefined>;
  /** The probe file with which the next process of each place starts. */
  readonly #files: string[];
  #cronFile: string;
  readonly #replicas: Process[] = [];
  #ending = false;
  readonly #loops: Promise<void>[] = [];

  constructor(time: FastTime, ledger: Ledger, env: Record<string, string | undefined>, file: string) {
    this.#time = time;
    this.#ledger = ledger;
    this.#env = env;
    this.#files = Array.from({ length: REPLICAS }, () => file);
    this.#cronFile = file;
  }

  /** Resolves when every replica has begun to watch. */
  async start(): Promise<void> {
    this.#loops.push(...this.#files.map((_, place) => this.#keep(place)), this.#cron());
    while (!this.#replicas.every(({ ready }) => ready !== undefined)) await this.#time.pass(SECOND);
  }

  /** Those that may have something done to them. */
  get running(): Process[] {
    return this.all.filter((process) => process.runs);
  }

  /** The CronJob's pods have the new file at once, the replicas one after the other. */
  async update(file: string): Promise<void> {
    this.#cronFile = file;
    for (const place of this.#files.keys()) {
      this.#files[place] = file;
      const before = this.#replicas[place];
      if (before !== undefined) await this.#end(before);
      while (!this.#isReady(place, before)) await this.#time.pass(SECOND);
    }
  }

  /** Has all of them end as a deploy does. */
  async stop(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.running.map((process) => this.#end(process)));
    await Promise.all(this.#loops);
  }

  /** Whether another than that one watches there. */
  #isReady(place: number, before: Process | undefined): boolean {
    const now = this.#replicas[place];
    return now !== before && now?.ready !== undefined;
  }

  async #keep(place: number): Promise<void> {
    while (!this.#ending) {
      const process = this.#begin(`replica ${place + 1}`, this.#files[place] ?? '', []);
      this.#replicas[place] = process;
      await process.gone;
      if (!this.#ending) await this.#time.pass(BACK_AFTER);
    }
  }

  /** `concurrencyPolicy: Forbid`: one that still runs is waited for. */
  async #cron(): Promise<void> {
    while (!this.#ending) {
      const next = this.#time.now() + MINUTE;
      const process = this.#begin('cron', this.#cronFile, ['--once']);
      await Promise.race([process.gone, this.#time.pass(CRON_DEADLINE)]);
      if (process.runs) {
        this.#ledger.note('CronJob past its deadline');
        await this.#end(process);
      }
      while (this.#time.now() < next && !this.#ending) await this.#time.pass(SECOND);
    }
  }

  #begin(name: string, file: string, options: string[]): Process {
    const process = new Process(name, this.#time, ['--config', file, ...options], this.#env, (line) =>
      this.#ledger.log.push(line),
    );
    this.all.push(process);
    this.#ledger.note(`${options.length === 0 ? 'replica' : 'CronJob'} started`, name);
    void process.gone.then(() => this.#ledger.tell(`${name} ended with ${process.end?.code ?? process.end?.asked}`));
    return process;
  }

  async #end(process: Process): Promise<void> {
    process.goOn();
    process.terminate();
    await Promise.race([process.gone, this.#time.pass(GRACE)]);
    if (process.runs) process.kill();
    await process.gone;
  }
}
