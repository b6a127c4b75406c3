import { loadConfig } from '../config/load.ts';
import type { Config } from '../evidence/probe.ts';
import { EXIT, type ExitCode, type Io, roomOf } from '../io.ts';
import { type Opened, openDatabase } from '../store/open.ts';
import { storeReport } from '../store/statistics.ts';
import { jsonText } from '../views/json.ts';
import { storeJson } from '../views/store-json.ts';
import { storeLines } from '../views/terminal/store.ts';
import { colorsFor } from '../views/terminal/text.ts';

/** Opens the database of a probe file, which brings its schema up to date. */
export async function withDatabase<T>(file: string, io: Io, work: (opened: Opened, config: Config) => Promise<T>): Promise<T> {
  const config = await loadConfig(file, io.env, { channels: false });
  const opened = await openDatabase(config);
  try {
    return await work(opened, config);
  } finally {
    await opened.db.destroy();
  }
}

/** Before a new version's first start, where that is to wait for nothing. */
export function storeMigrate(options: { config: string }, io: Io): Promise<ExitCode> {
  return withDatabase(options.config, io, async ({ name, schema: { from, to } }) => {
    io.stdout.write(`${name} has schema ${to}${from === to ? ' already' : from === 0 ? ', made anew' : `, was ${from}`}\n`);
    return EXIT.ok;
  });
}

export function storeStats(options: { config: string; json: boolean }, io: Io): Promise<ExitCode> {
  return withDatabase(options.config, io, async (opened, { deployment }) => {
    const report = await storeReport(opened, deployment);
    if (options.json) io.stdout.write(jsonText(storeJson(report)));
    else io.stdout.write(`${storeLines(report, colorsFor(io.stdout, io.env), roomOf(io.stdout)).join('\n')}\n`);
    return EXIT.ok;
  });
}
