import { spoken } from '../../evidence/instant.ts';
import type { ProbedPool } from '../probed.ts';
import { type Column, table } from './table.ts';
import { type Colors, harmless } from './text.ts';

/** Every pool in a row; the header is dim. */
export function probeTable(probed: readonly ProbedPool[], now: number, colors: Colors, room: number): string[] {
  const columns: Column<ProbedPool>[] = [
    { title: 'POOL', cell: (one) => harmless(one.pool), rank: 0, shrinks: true },
    { title: 'STATE', cell: (one) => stateOf(one, colors), rank: 0 },
    { title: 'TIME TO CLAIM', cell: (one) => timeToClaim(one, now), right: true, rank: 0 },
    { title: 'START', cell: (one) => one.start ?? '', rank: 1 },
    { title: 'RAN', cell: ranFor, right: true, rank: 2 },
    { title: 'WORKER', cell: (one) => harmless(one.worker ?? ''), rank: 3 },
    { title: 'TASK', cell: (one) => one.taskId ?? '', rank: 4 },
  ];
  const [head = '', ...rows] = table(columns, probed, room);
  return [colors.dim(head), ...rows];
}

function timeToClaim(one: ProbedPool, now: number): string {
  if (one.scheduled === undefined) return '';
  if (one.started !== undefined) return spoken(one.started - one.scheduled);
  return `over ${spoken((one.resolved ?? now) - one.scheduled)}`;
}

function ranFor({ started, resolved }: ProbedPool): string {
  return resolved === undefined || started === undefined ? '' : spoken(resolved - started);
}

export function stateOf(one: ProbedPool, colors: Colors): string {
  if (one.stage === 'refused') return colors.red('refused');
  if (one.stage === 'unasked') return colors.yellow('could not ask');
  if (one.stage === 'asking') return colors.dim('asking');
  if (one.started !== undefined)
    return (one.late ? colors.yellow : colors.green)(one.resolved === undefined ? 'running' : outcomeOf(one));
  if (one.cancelled) return colors.red('not claimed');
  if (one.stage === 'ended') return colors.red(outcomeOf(one));
  return one.blind ? colors.yellow('pending, queue silent') : colors.cyan('pending');
}

function outcomeOf(one: ProbedPool): string {
  return harmless(one.outcome ?? 'vanished');
}

/** What there is to say beside the state, on one line. */
export function answerOf(one: ProbedPool, now: number): string {
  const { scheduled, started, start, worker, resolved } = one;
  if (scheduled === undefined) return '';
  if (started === undefined) return timeToClaim(one, now);
  return [
    `claimed after ${timeToClaim(one, now)}`,
    ...(start === undefined ? [] : [`by a ${start} worker`]),
    ...(worker === undefined ? [] : [harmless(worker)]),
    ...(resolved === undefined ? [] : [`ran ${ranFor(one)}`]),
  ].join(', ');
}
