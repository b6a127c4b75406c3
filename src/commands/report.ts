import { EXIT, type ExitCode, type Io, roomOf } from '../io.ts';
import { jsonText, reportJson } from '../views/json.ts';
import { reportFrom } from '../views/report.ts';
import { reportLines } from '../views/terminal/report.ts';
import { colorsFor } from '../views/terminal/text.ts';
import { queueNow, withStore } from './with-store.ts';

export interface ReportOptions {
  config: string;
  /** How far to look back, in milliseconds. */
  since: number;
  json: boolean;
}

/** What the store knows of every probe, for a terminal or as JSON. Asks nobody but the store, so it needs no credentials. */
export function report({ config: file, since, json }: ReportOptions, io: Io): Promise<ExitCode> {
  return withStore(file, io, async (config, store) => {
    const state = await store.load();
    const made = await reportFrom(store, config, state, since, queueNow(state, io));
    if (json) io.stdout.write(jsonText(reportJson(made)));
    else io.stdout.write(`${reportLines(made, colorsFor(io.stdout, io.env), roomOf(io.stdout)).join('\n')}\n`);
    return EXIT.ok;
  });
}
