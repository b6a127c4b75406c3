import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(CLI)) throw new Error(`${CLI} is missing: these tests run the built program, so run \`npm run build\` first`);

/** How a process ended, and all it ever printed. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  /** Resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  readonly ended: Promise<Ended>;
}

/**
 * A machine that runs the built program as real processes. Its clock may be put forward between them, as if one had waited; a process
 * finds it so when it starts, through an import that Node makes before the program.
 */
export class Machine {
  #ahead = 0;
  readonly #running = new Set<ChildProcess>();

  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Puts the clock to an instant. */
  set(instant: number): void {
    this.#ahead = instant - Date.now();
  }

  /** Starts `tc-canary` with these arguments and no environment but this. A `shell` line may wrap it, as `"$@"`. */
  start(args: string[], env: Record<string, string | undefined>, shell?: string): Running {
    const clock = this.#ahead === 0 ? [] : ['--import', clockAhead(this.#ahead)];
    const command = [process.execPath, ...clock, CLI, ...args];
    const [file = '', ...rest] = shell === undefined ? command : ['bash', '-c', shell, 'bash', ...command];
    const child = spawn(file, rest, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    return {
      async kill(signal) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        if (child.kill(signal)) await gone;
      },
      ended: this.#end(child),
    };
  }

  /** Ends what still runs. */
  stop(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  async #end(child: ChildProcess): Promise<Ended> {
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('a process without pipes');
    const exited = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject).once('exit', (code, signal) => resolve([code, signal]));
    });
    const [[code, signal], out, err] = await Promise.all([exited, text(stdout), text(stderr)]);
    this.#running.delete(child);
    return { code, signal, stdout: out, stderr: err };
  }
}

/** A module that puts a process's clock this much forward. */
function clockAhead(ms: number): string {
  const code = `const Real = Date;
    globalThis.Date = class Date extends Real {
      constructor(...args) { if (args.length === 0) super(Real.now() + ${ms}); else super(...args); }
      static now() { return Real.now() + ${ms}; }
    };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
