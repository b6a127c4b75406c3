import { DAY, dayOf } from '../../evidence/instant.ts';
import { pagesOf } from '../../judge/replay/compare.ts';
import { differenceOf, type Replayed } from '../replayed.ts';
import { harmless, wrapped } from './text.ts';

const AS_THEY_WERE =
  'Canaries are as they were. With other thresholds a few would have been sent at other times: while one is pending no other is, and after a late one confirmations follow at once. Readings are not kept: causes are those found then. A time in which the prober did not run is judged as if it had looked.';

/** What a reader must know of it to believe it, no more. */
export function replayNotes(replayed: Replayed, room: number): string[] {
  const { first, since, observing, partial } = replayed;
  const notes = [
    besideText(replayed),
    differenceText(replayed),
    first === undefined || first < since + DAY ? '' : `History begins on ${dayOf(first)}; of what was before, no canary is kept.`,
    observing === 0 ? '' : `${observing} ${observing === 1 ? 'probe has' : 'probes have'} no thresholds yet, or only observe.`,
    partial ? 'Only these probes were replayed: what went bad together with others may have been told with them.' : '',
    AS_THEY_WERE,
  ];
  return notes.filter((note) => note !== '').flatMap((note) => wrapped(note, room));
}

/** Pages of what no threshold of a canary moves, by cause. */
function besideText({ beside }: Replayed): string {
  const pages = pagesOf(beside);
  const causes = [...new Set(pages.map(({ incident }) => incident.cause))].join(', ');
  const came = pages.length === 1 ? '1 page came' : `${pages.length} pages came`;
  return pages.length === 0 ? '' : `Besides, ${came} of what no canary's threshold moves: ${causes}.`;
}

function differenceText(replayed: Replayed): string {
  const { unrepeated, added } = differenceOf(replayed);
  const named = (alarms: typeof added) =>
    alarms
      .slice(0, 3)
      .map(({ incident }) => harmless(incident.id))
      .join(', ');
  const more = (alarms: typeof added) => (alarms.length > 3 ? ` and ${alarms.length - 3} more` : '');
  return [
    unrepeated.length === 0 ? '' : `Replayed with today's thresholds, not repeated: ${named(unrepeated)}${more(unrepeated)}.`,
    added.length === 0 ? '' : `Replayed with today's thresholds, new: ${named(added)}${more(added)}.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}
