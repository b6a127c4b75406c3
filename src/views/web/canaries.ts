import type { PastCanary } from '../../evidence/canary.ts';
import { spoken } from '../../evidence/instant.ts';
import type { ProbeReport } from '../../evidence/report.ts';
import { type Markup, markup, type Piece } from '../markup.ts';
import { link, moment, state, taskUrl } from './parts.ts';

/** As many as a page lists; the chart has more. */
const LISTED = 30;

/** The newest canaries, each linked to its task. */
export function canaryTable(
  rootUrl: string,
  { pending, thresholds, verdict }: ProbeReport,
  canaries: readonly PastCanary[],
  now: number,
): Markup {
  if (canaries.length === 0 && pending === undefined) return markup`<p>None has been submitted yet.</p>`;
  const row = (at: number, answer: Piece, start: Piece, worker: Piece, taskId: string) =>
    markup`<tr><td>${moment(at, now)}</td><td>${answer}</td><td class="wide">${start}</td><td class="wider">${worker}</td><td class="task">${link(taskUrl(rootUrl, taskId), taskId)}</td></tr>`;
  const waiting =
    pending &&
    row(
      pending.since,
      state(verdict === 'healthy' ? 'unknown' : verdict, `waiting for ${spoken(pending.ms)}`),
      '',
      '',
      pending.taskId,
    );
  const ended = canaries
    .slice(0, LISTED)
    .map((one) => row(one.scheduled ?? one.slot, answerOf(one, thresholds), one.start, one.worker, one.taskId));
  return markup`<table class="canaries"><thead><tr><th scope="col">Scheduled</th><th scope="col">Time to claim</th><th scope="col" class="wide">Start</th><th scope="col" class="wider">Worker</th><th scope="col" class="task">Task</th></tr></thead><tbody>
${waiting}${ended}</tbody></table>`;
}

function answerOf({ slot, scheduled = slot, started, ended, reason }: PastCanary, thresholds: ProbeReport['thresholds']): Piece {
  if (started !== undefined) {
    const ms = Math.max(0, started - scheduled);
    return thresholds !== undefined && ms >= thresholds.warnAfter ? state('slow', spoken(ms)) : spoken(ms);
  }
  const lasted = ended === undefined ? '' : ` after ${spoken(ended - scheduled)}`;
  return state('stuck', `unclaimed${lasted}${reason === undefined ? '' : `, ${reason}`}`);
}
