import { loadConfig } from '../config/load.ts';
import { EXIT, type ExitCode, type Io, roomOf } from '../io.ts';
import { openStore } from '../store/open.ts';
import { jsonText, reportJson } from '../views/json.ts';
import { reportQuery, report as summarize } from '../views/report.ts';
import { reportLines } from '../views/terminal/report.ts';
import { colorsFor } from '../views/terminal/text.ts';

export interface ReportOptions {
  config: string;
  /** How far to look back, in milliseconds. */
  since: number;
  json: boolean;
}

/** What the store knows of every probe, for a terminal or as JSON. Asks nobody but the store, so it needs no credentials. */
export async function report(options: ReportOptions, io: Io): Promise<ExitCode> {
  const config = await loadConfig(options.config, io.env, { channels: false });
  const span = options.since;
  const store = await openStore(config);
  try {
    const state = await store.load();
    const now = io.clock.now() + state.watch.offset;
    const made = summarize(config, state, await store.history(reportQuery(config, now - span, now)), now - span, now);
    if (options.json) io.stdout.write(jsonText(reportJson(made)));
    else io.stdout.write(`${reportLines(made, colorsFor(io.stdout, io.env), roomOf(io.stdout)).join('\n')}\n`);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}
