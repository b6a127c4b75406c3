import { type FileHandle, open } from 'node:fs/promises';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { exportStore } from '../store/export.ts';
import { importStore } from '../store/import.ts';
import { withDatabase } from './store.ts';

/** Everything a store holds, to standard output or into a file, which it replaces. */
export function storeExport({ config, out }: { config: string; out?: string }, io: Io): Promise<ExitCode> {
  return withDatabase(config, io, async ({ db, name }) => {
    const file = out === undefined ? undefined : await open(out, 'w').catch(refuse(`${out} cannot be written`));
    try {
      const count = await exportStore(db, async (lines) => {
        if (io.stop.aborted) throw new Interrupted();
        if (file === undefined) await print(lines, io);
        else await file.appendFile(lines).catch(refuse(`${out} cannot be written`));
      });
      io.stderr.write(`${name}: ${count} rows exported\n`);
      return EXIT.ok;
    } catch (error) {
      if (error instanceof Interrupted) return EXIT.interrupted;
      throw error;
    } finally {
      await file?.close();
    }
  });
}

/** What `storeExport` wrote, into an empty store: all of it or nothing. */
export function storeImport(file: string, options: { config: string }, io: Io): Promise<ExitCode> {
  return withDatabase(options.config, io, async (opened, { deployment }) => {
    const input = await open(file).catch(refuse(`${file} cannot be read`));
    try {
      const count = await importStore(opened, deployment, linesOf(input, io));
      io.stderr.write(`${opened.name}: ${count} rows imported\n`);
      return EXIT.ok;
    } catch (error) {
      if (io.stop.aborted) return EXIT.interrupted;
      throw error;
    } finally {
      await input.close();
    }
  });
}

class Interrupted extends Error {}

function refuse(what: string): (cause: Error) => never {
  return (cause) => {
    throw new UsageError(`${what}: ${cause.message}`, { cause });
  };
}

/** A pipe is written no faster than it is read. */
async function print(lines: string, { stdout, stop }: Io): Promise<void> {
  if (stdout.write(lines) !== false || stdout.once === undefined) return;
  await new Promise<void>((resolve) => {
    const goOn = () => {
      stop.removeEventListener('abort', goOn);
      resolve();
    };
    stdout.once?.('drain', goOn);
    stop.addEventListener('abort', goOn);
  });
}

async function* linesOf(input: FileHandle, { stop }: Io): AsyncGenerator<string> {
  for await (const line of input.readLines({ autoClose: false })) {
    if (stop.aborted) throw new Interrupted();
    yield line;
  }
}
