import type { Report } from '../../evidence/report.ts';
import { type Colors, harmless, wrapped } from './text.ts';
import { untilText } from './until.ts';

const HEAD = '◌ silent  ';

/** What nobody is told of now, until when, by whom and why. */
export function silenceLines({ silences, at }: Report, colors: Colors, room: number): string[] {
  const indent = ' '.repeat(HEAD.length);
  const lines = silences.flatMap(({ match, by, until, reason, probes }) => {
    const covered = `${probes.length} ${probes.length === 1 ? 'probe' : 'probes'}`;
    const line = `${HEAD}${harmless(match)}  ${untilText(until, at)}; ${covered}`;
    const why = wrapped(harmless(`${by}: ${reason}`), room - indent.length, 2);
    return [...wrapped(line, room, indent.length).map(colors.cyan), ...why.map((piece) => indent + colors.dim(piece))];
  });
  return lines.length === 0 ? [] : ['', ...lines];
}
