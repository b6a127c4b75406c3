import { EXIT, type ExitCode, type Io, roomOf } from '../io.ts';
import { jsonText } from '../views/json.ts';
import { listSilences, silencesJson } from '../views/silences.ts';
import { silenceListLines } from '../views/terminal/silence-list.ts';
import { colorsFor } from '../views/terminal/text.ts';
import { queueNow, withStore } from './with-store.ts';

export interface SilenceListOptions {
  config: string;
  /** Those too that are over. */
  all: boolean;
  json: boolean;
}

/** Silences given by hand, those of the probe file and its maintenance windows, and which of them are in force. */
export async function silenceList(options: SilenceListOptions, io: Io): Promise<ExitCode> {
  return withStore(options.config, io, async (config, store) => {
    const state = await store.load();
    const now = queueNow(state, io);
    const every = listSilences(config, state.silences, now);
    const listed = options.all ? every : every.filter((one) => one.state !== 'over');
    if (options.json) {
      io.stdout.write(jsonText(silencesJson(config.deployment, listed, now)));
      return EXIT.ok;
    }
    const hidden = every.length - listed.length;
    const lines = silenceListLines(config.deployment, listed, hidden, now, colorsFor(io.stdout, io.env), roomOf(io.stdout));
    io.stdout.write(`${lines.join('\n')}\n`);
    return EXIT.ok;
  });
}
