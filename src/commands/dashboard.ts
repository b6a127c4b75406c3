import { loadConfig } from '../config/load.ts';
import { Dashboard } from '../dashboard.ts';
import { DAY } from '../evidence/instant.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { openLog } from '../log.ts';
import { openBoard } from '../notify/slack/dashboard/open.ts';
import { renderSlackMessage } from '../sandbox/receivers/slack-render.ts';
import { openStore } from '../store/open.ts';
import { chartOf } from '../views/chart/chart.ts';
import { jsonText } from '../views/json.ts';
import { reportFrom } from '../views/report.ts';
import { dashboard as compose } from '../views/slack/dashboard.ts';
import { harmless } from '../views/terminal/text.ts';
import { queueNow, withStore } from './with-store.ts';

export interface DashboardOptions {
  config: string;
  /** Print it instead of showing it. */
  dryRun: boolean;
}

/** Shows the dashboard without waiting for its time. */
export async function dashboard(options: DashboardOptions, io: Io): Promise<ExitCode> {
  return options.dryRun ? print(options.config, io) : show(options.config, io);
}

/** What Slack would get, from the store alone: nobody is asked or told anything, so no secrets are needed. */
function print(file: string, io: Io): Promise<ExitCode> {
  return withStore(file, io, async (config, store) => {
    const state = await store.load();
    const now = queueNow(state, io);
    const made = await reportFrom(store, config, state, DAY, now);
    const alt = chartOf(made)?.alt;
    const composed = compose(made, { ...(alt !== undefined && { alt }) }, { table: true });
    io.stdout.write(`${renderSlackMessage(composed).map(harmless).join('\n')}\n\n${jsonText(composed.blocks)}`);
    return EXIT.ok;
  });
}

/** @throws {UsageError} where the probe file has no dashboard */
async function show(file: string, io: Io): Promise<ExitCode> {
  const config = await loadConfig(file, io.env);
  const log = openLog('warn');
  const board = await openBoard(config, log, io.clock, io.stop);
  if (board === undefined || config.dashboard === undefined)
    throw new UsageError(`${file} has no dashboard; add the section dashboard, or write --dry-run to see what it would show`);
  const store = await openStore(config);
  try {
    const ports = { clock: io.clock, store, log };
    const { told } = await new Dashboard(ports, config, board, config.dashboard).look(true);
    if (told?.as === 'accepted') {
      io.stdout.write(`shown in ${config.dashboard.channel}\n`);
      return EXIT.ok;
    }
    io.stderr.write(`${harmless(told?.why ?? 'another process is showing it at this moment; try again in a minute')}\n`);
    return EXIT.couldNotAsk;
  } finally {
    await store.close();
  }
}
