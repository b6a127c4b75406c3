import type { Io } from '../../io.ts';
import { harmless, shorten } from './text.ts';

export interface Progress {
  show: (text: string) => void;
  clear: () => void;
}

/** One line on standard error that says what is being done, in a terminal; elsewhere nothing. */
export function progressOn({ stderr, env }: Pick<Io, 'stderr' | 'env'>): Progress {
  if (stderr.isTTY !== true || env['TERM'] === 'dumb') return { show: () => undefined, clear: () => undefined };
  const room = (stderr.columns ?? 80) - 1;
  return {
    show: (text) => stderr.write(`\r\u001b[2K${shorten(harmless(text), room)}`),
    clear: () => stderr.write('\r\u001b[2K'),
  };
}
