import { SECOND } from '../../evidence/instant.ts';
import { type Io, roomOf } from '../../io.ts';
import type { ProbedPool } from '../probed.ts';
import { answerOf, probeTable, stateOf } from './probe-cells.ts';
import { probeNotes } from './probe-notes.ts';
import { type Colors, colorsFor, harmless, NO_COLORS, pad, width, wrapped } from './text.ts';

/** Shows progress while canaries are followed, and the answer at the end. */
export interface ProbeView {
  show(probed: readonly ProbedPool[], now: number): void;
  /** `interrupted`: somebody stopped it before the time was up. */
  end(probed: readonly ProbedPool[], now: number, interrupted: boolean): void;
}

/** In a narrower terminal lines would break, and what was drawn could not be drawn over. */
const NARROWEST = 50;

/** A table that redraws itself in a terminal; elsewhere a line for each change. */
export function probeView(rootUrl: string, io: Io): ProbeView {
  const colors = colorsFor(io.stdout, io.env);
  const live = io.stdout.isTTY === true && roomOf(io.stdout) >= NARROWEST && io.env['TERM'] !== 'dumb';
  const view = live ? liveView(io, colors) : plainView(io, colors);
  return {
    show: view.show,
    end(probed, now, interrupted) {
      view.end(probed, now);
      // Whatever reads a pipe wants whole lines.
      const room = io.stdout.isTTY === true ? roomOf(io.stdout) : Number.POSITIVE_INFINITY;
      const notes = probeNotes(rootUrl, probed, colors, room, interrupted);
      if (notes.length > 0) io.stdout.write(`\n${notes.join('\n')}\n`);
    },
  };
}

type Shown = Pick<ProbeView, 'show'> & { end(probed: readonly ProbedPool[], now: number): void };

function liveView({ stdout }: Io, colors: Colors): Shown {
  let drawn = 0;
  const draw = (probed: readonly ProbedPool[], now: number, height: number) => {
    // A column less than there is: some terminals break a line that fills the last one.
    const lines = fitted(probeTable(probed, now, colors, roomOf(stdout) - 1), probed, height, colors);
    const up = drawn > 0 ? `\r\u001b[${drawn}A` : '';
    // Clearing what follows takes the `^C` of an interruption away too.
    stdout.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}\u001b[J`);
    drawn = lines.length;
  };
  return {
    show: (probed, now) => draw(probed, now, (stdout.rows ?? 24) - 1),
    end(probed, now) {
      draw(probed, now, Number.POSITIVE_INFINITY);
      const [head = ''] = probeTable(probed, now, colors, roomOf(stdout) - 1);
      const workers = head.includes('WORKER') ? [] : workerLines(probed, roomOf(stdout));
      if (workers.length > 0) stdout.write(`\n${workers.map((line) => `${colors.dim(line)}\n`).join('')}`);
    },
  };
}

/** Who claimed, for a table that had no room for it. */
function workerLines(probed: readonly ProbedPool[], room: number): string[] {
  return probed.flatMap(({ pool, worker }) =>
    worker === undefined ? [] : wrapped(harmless(`${pool}: claimed by ${worker}`), room, 2),
  );
}

/** No more lines than a screen holds, for a cursor cannot go up beyond it; pools that are still followed come first. */
function fitted(table: string[], probed: readonly ProbedPool[], height: number, colors: Colors): string[] {
  if (table.length <= height) return table;
  const [head = '', ...rows] = table;
  const isOpen = (i: number) => probed[i]?.stage === 'pending' || probed[i]?.stage === 'claimed';
  const first = [...rows.keys()].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || a - b).slice(0, Math.max(1, height - 2));
  const kept = new Set(first);
  return [head, ...rows.filter((_, i) => kept.has(i)), colors.dim(`and ${rows.length - kept.size} more`)];
}

function plainView({ stdout }: Io, colors: Colors): Shown {
  const said = new Map<string, string>();
  const show = (probed: readonly ProbedPool[], now: number) => {
    const column = Math.max(...probed.map(({ pool }) => width(pool)));
    for (const one of probed) {
      if (one.stage === 'asking') continue;
      const step = stepOf(one, now);
      if (said.get(one.pool) === step) continue;
      said.set(one.pool, step);
      stdout.write(`${pad(one.pool, column)}  ${stateOf(one, colors)}  ${answerOf(one, now)}`.trimEnd().concat('\n'));
    }
  };
  return { show, end: show };
}

/** A pending canary gets a line at ever longer intervals: 10, 30, 70, 150 seconds and so on. */
function stepOf(one: ProbedPool, now: number): string {
  const waiting = one.stage === 'pending' && one.scheduled !== undefined && one.cancelled !== true;
  const pace = waiting ? Math.floor(Math.log2(1 + (now - (one.scheduled ?? now)) / (10 * SECOND))) : 0;
  return `${stateOf(one, NO_COLORS)} ${pace}`;
}
