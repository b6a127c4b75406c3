import type { Process } from './process.ts';
import type { Soaked } from './soak.ts';

/** Nobody ended but by a signal of ours, as it should, or for the want of its database; and nothing was said that nobody expects. */
export function endingsAreExpected({ processes }: Soaked): string[] {
  return processes.flatMap((process) => [
    ...(endedWell(process) ? [] : [`${process.name} ended with ${process.end?.code}: ${process.said.join(' ')}`]),
    ...process.errors.flatMap(({ msg, err }) =>
      err === undefined || err.type === 'StoreError' ? [] : [`${process.name} logged "${msg}": ${err.type} ${err.message}`],
    ),
    ...process.said.flatMap((line) => (isOfStore(line) ? [] : [`${process.name} said: ${line}`])),
  ]);
}

/** 3: its store was out of reach at the start or in the middle, a channel refuses for good, or there was no time for all, which it says. */
function endedWell({ name, end, said, errors }: Process): boolean {
  // Before it has begun to listen a SIGTERM ends it at once.
  if (end === undefined || end.code === 0 || (end.code === null && end.asked !== undefined)) return true;
  const cron = name === 'cron' && errors.some(({ msg }) => /^the channel refuses for good|^the pass is incomplete/.test(msg));
  return end.code === 3 && (cron || said.some(isOfStore));
}

/** A StoreError's message names the place, without a password. */
function isOfStore(line: string): boolean {
  return line.includes('postgres://canary@127.0.0.1:');
}
