import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** A Markdown table, so that it can stand in the README as it is printed. */
export function print(title: string, rows: Record<string, string | number>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
  ];
  process.stdout.write(`\n${title}\n\n${lines.join('\n')}\n\n`);
}

/** Wall milliseconds of a whole process. */
export function wallOf(args: string[], env: NodeJS.ProcessEnv = process.env): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${String(stderr)}`);
  return performance.now() - began;
}

/** Processor seconds and the greatest resident memory in MB of a running process so far (Linux). */
export function usageOf(pid: number): { cpu: number; rss: number; peak: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (key: string) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN);
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / 100,
    rss: kilobytes('VmRSS') / 1024,
    peak: kilobytes('VmHWM') / 1024,
  };
}
