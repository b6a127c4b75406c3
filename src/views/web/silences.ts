import { spoken } from '../../evidence/instant.ts';
import { type Markup, markup } from '../markup.ts';
import type { ListedSilence } from '../silences.ts';
import { type Frame, type Sheet, sheet } from './layout.ts';
import { moment } from './parts.ts';

/** What is silenced now, later, and again and again. */
export function silencesPage(frame: Frame, listed: readonly ListedSilence[]): Sheet {
  const { at } = frame.report;
  const shown = listed.filter(({ state }) => state !== 'over');
  const rows = shown.map(
    (one) =>
      markup`<tr><td>${WORDS[one.state]}</td><th scope="row">${one.match}</th><td>${time(one, at)}</td><td>${one.reason}</td><td class="wide">${one.id === undefined ? one.by : `${one.by}, ${one.id}`}</td></tr>`,
  );
  const table = markup`<table><thead><tr><th scope="col">State</th><th scope="col">About</th><th scope="col">Time</th><th scope="col">Reason</th><th scope="col" class="wide">By</th></tr></thead><tbody>${rows}</tbody></table>`;
  const body = markup`<h1>Silences</h1>
${shown.length === 0 ? markup`<p>Nothing is silenced, and nothing will be.</p>` : table}
<p class="muted">Given with <code>tc-canary silence</code>, or in the probe file.</p>`;
  return sheet('Silences', frame, body);
}

const WORDS: Record<ListedSilence['state'], string> = { now: 'in force', later: 'to come', recurs: 'recurs', over: 'over' };

function time({ from, until, recurs, state }: ListedSilence, now: number): Markup {
  const parts = [
    state === 'later' && from !== undefined && markup`from ${moment(from, now)} `,
    until !== undefined && markup`until ${moment(until, now)}, ${spoken(until - now)} more`,
    recurs && markup`${until !== undefined && '; '}${recurs.days.join(', ')} ${recurs.from} to ${recurs.to} ${recurs.timezone}`,
  ];
  return markup`${parts}`;
}
