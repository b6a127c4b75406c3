import { clockTime } from '../../evidence/instant.ts';
import type { Log } from '../../ports.ts';
import { type Colors, harmless, pad, wrapped } from './text.ts';

interface Written {
  write(text: string): unknown;
}

/** What happens, as it happens, a line each: for somebody who watches and not for a machine. */
export interface Live {
  log: Log;
  /** A message that a person would have been sent. */
  message(from: string, lines: readonly string[]): void;
  /** Lines that fit `LIVE_INDENT` columns less than there are. */
  lines(lines: readonly string[]): void;
}

/** Columns that the time takes at the left. */
export const LIVE_INDENT = 10;
/** What a line is about is padded to this, so that what happened to it stands in one column. */
const SUBJECT = 18;
/** Of what an incident says quietly, a person who watches the claims too wants to hear only this. */
const ENDS = /^incident (resolved|withdrawn)/;

export function liveView(output: Written, colors: Colors, room: number, now: () => number): Live {
  const indent = ' '.repeat(LIVE_INDENT);
  const nested = (text: string) => output.write(`${indent}${text}\n`);
  const line = (paint: (text: string) => string, text: string, about = '') => {
    const [head = '', ...rest] = wrapped(text, room - LIVE_INDENT, 2);
    output.write(`${colors.dim(clockTime(now()))}  ${paint(head)}${rest.length === 0 ? about : ''}\n`);
    for (const piece of rest) nested(paint(piece));
  };
  const claim = (probe: string, sentence: string, start: unknown) => {
    const by = start === 'cold' || start === 'warm' ? colors.dim(` by a ${start} worker`) : '';
    line((text) => text.replace('●', colors.green('●')), `● ${pad(probe, SUBJECT)} ${harmless(sentence)}`, by);
  };
  const tell = (paint: (text: string) => string, mark: string, context: object, sentence: string) => {
    const detail = 'detail' in context ? `: ${String(context.detail)}` : '';
    const subject = subjectOf(context);
    const about = subject === undefined ? '' : `${pad(harmless(subject), SUBJECT)} `;
    line(paint, `${mark} ${about}${harmless(sentence.replace(/^incident /, '') + detail)}`);
  };
  const trouble = (context: object, sentence: string) => {
    const page = 'severity' in context && context.severity === 'page';
    tell(page ? colors.red : colors.yellow, page ? '■' : '▲', context, sentence);
  };
  return {
    log: {
      debug() {},
      info(context, sentence) {
        if ('timeToClaim' in context && 'probe' in context)
          claim(harmless(String(context.probe)), sentence, 'start' in context ? context.start : undefined);
        else if ('anchor' in context && ENDS.test(sentence)) tell(colors.green, '✓', context, sentence);
      },
      warn: trouble,
      error: trouble,
    },
    message(from, lines) {
      line(colors.bold, `✉ ${from}`);
      for (const text of lines)
        for (const part of wrapped(harmless(text), room - LIVE_INDENT - 2)) nested(`${colors.dim('│')} ${part}`);
    },
    lines(lines) {
      output.write('\n');
      for (const text of lines) output.write(text === '' ? '\n' : `${indent}${text}\n`);
      output.write('\n');
    },
  };
}

/** What a log line is about: a probe, or what an incident hangs on. */
function subjectOf(context: object): string | undefined {
  if ('probe' in context) return String(context.probe);
  return 'anchor' in context
    ? String(context.anchor)
        .replace(/^(probe|ask|pool):/, '')
        .replace(/^provider:/, 'provider ')
    : undefined;
}
