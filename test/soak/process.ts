import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { FastTime } from './fast-time.ts';

/** How it ended. `asked`: the signal that it was sent last, if any. */
interface End {
  at: number;
  code: number | null;
  asked?: 'SIGKILL' | 'SIGTERM';
}

/** A line of the log, as far as it matters here. */
interface Line {
  level: string;
  msg: string;
  err?: { type: string; message: string };
}

/** How often it is looked at whether a process gets its share of the processor, in milliseconds of the machine's. */
const LOOK_EVERY = 500;
/** Ready to run and not run for so much of the time, and it is the machine that is late. */
const STARVED = 0.2;

/** One process of the program and all that there is to say of it. */
export class Process {
  readonly name: string;
  readonly began: number;
  /** When it said that it watches. */
  ready?: number;
  end?: End;
  /** While it had no processor. */
  readonly stopped: { from: number; until?: number }[] = [];
  /** While others had the processor that it wanted (Linux). */
  readonly starved: { from: number; until: number }[] = [];
  /** What it wrote beside its log. */
  readonly said: string[] = [];
  /** Of its log, what is an error. */
  readonly errors: Line[] = [];
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #time: FastTime;
  readonly #log: (line: string) => void;
  #asked: 'SIGKILL' | 'SIGTERM' | undefined;

  constructor(
    name: string,
    time: FastTime,
    args: string[],
    env: Record<string, string | undefined>,
    log: (line: string) => void,
  ) {
    this.name = name;
    this.#time = time;
    this.#log = log;
    this.began = time.now();
    this.#child = spawn(process.execPath, ['--import', time.preload, 'dist/cli.js', 'run', ...args], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.gone = this.#follow();
  }

  get runs(): boolean {
    return this.end === undefined;
  }

  get isStopped(): boolean {
    const last = this.stopped.at(-1);
    return last !== undefined && last.until === undefined;
  }

  kill(): void {
    this.#asked = 'SIGKILL';
    this.#child.kill('SIGKILL');
  }

  /** Asks it to end; whoever is stopped hears of it when it goes on. */
  terminate(): void {
    this.#asked ??= 'SIGTERM';
    this.#child.kill('SIGTERM');
  }

  stop(): void {
    this.stopped.push({ from: this.#time.now() });
    this.#child.kill('SIGSTOP');
  }

  goOn(): void {
    const last = this.stopped.at(-1);
    if (last === undefined || last.until !== undefined) return;
    last.until = this.#time.now();
    this.#child.kill('SIGCONT');
  }

  async #follow(): Promise<void> {
    const { stderr } = this.#child;
    if (stderr === null) throw new Error('a process without a pipe');
    const watch = setInterval(this.#starvation(), LOOK_EVERY);
    const lines = createInterface(stderr).on('line', (line) => this.#hear(line));
    const [[code]] = await Promise.all([once(this.#child, 'exit'), once(lines, 'close')]);
    clearInterval(watch);
    const last = this.stopped.at(-1);
    if (last !== undefined) last.until ??= this.#time.now();
    this.end = { at: this.#time.now(), code, ...(this.#asked && { asked: this.#asked }) };
  }

  #starvation(): () => void {
    let [at, waited] = [this.#time.now(), 0];
    return () => {
      const now = this.#time.now();
      const total = waitedFor(this.#child.pid);
      if (total - waited > STARVED * LOOK_EVERY) this.starved.push({ from: at, until: now });
      [at, waited] = [now, total];
    };
  }

  #hear(text: string): void {
    this.#log(`${this.name} ${text}`);
    const line = logLine(text);
    if (line === undefined) this.said.push(text);
    else if (line.msg === 'watching') this.ready = this.#time.now();
    else if (line.level === 'error') this.errors.push(line);
  }
}

function logLine(text: string): Line | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    // Whoever is killed may leave half a line.
    return undefined;
  }
}

/** For how long the process has been ready to run and did not, in milliseconds of the machine's; 0 where the system does not tell. */
function waitedFor(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
