import { spoken } from '../../evidence/instant.ts';
import type { Wish } from '../../judge/replay/thresholds.ts';
import { BRIEF, type Replayed, sumOf, type Tried } from '../replayed.ts';
import { headLines } from './replay.ts';
import { replayNotes } from './replay-notes.ts';
import { type Column, table } from './table.ts';
import { type Colors, WIDEST, wrapped } from './text.ts';

/** A line for each set of thresholds, today's marked. */
export function sweepLines(replayed: Replayed, tried: readonly Tried[], colors: Colors, width: number): string[] {
  const room = Math.min(width, WIDEST);
  const rows = tried.map((one) => ({ ...one, ...sumOf(one.alarms) }));
  type Row = (typeof rows)[number];
  const after = (ms: number | undefined) => (ms === undefined ? '–' : spoken(ms));
  const columns: Column<Row>[] = [
    { title: '', cell: ({ isToday }) => (isToday ? '▸' : ''), rank: 0 },
    { title: 'WARN AFTER', cell: ({ wish }) => choiceText(wish.warnAfter), right: true, rank: 0 },
    { title: 'PAGE AFTER', cell: ({ wish }) => choiceText(wish.pageAfter), right: true, rank: 0 },
    { title: 'RESOLVE', cell: ({ wish }) => String(wish.resolveAfter ?? 'as now'), right: true, rank: 0 },
    { title: 'PAGES', cell: ({ pages }) => String(pages), right: true, rank: 0 },
    { title: 'BRIEF', cell: ({ brief }) => String(brief), right: true, rank: 3 },
    { title: 'WARNINGS', cell: ({ warnings }) => String(warnings), right: true, rank: 1 },
    { title: 'PAGED IN', cell: ({ median }) => after(median), right: true, rank: 0 },
    { title: 'AT THE LATEST', cell: ({ longest }) => after(longest), right: true, rank: 4 },
  ];
  const [head = '', ...lines] = table(columns, rows, room);
  const meaning = `PAGED IN is from the first canary that nobody claimed to the page, the median. BRIEF pages were over within ${spoken(BRIEF)}.`;
  return [
    ...headLines(replayed, colors, room),
    '',
    colors.dim(head),
    ...lines.map((line, i) => (rows[i]?.isToday ? colors.bold(line) : line)),
    '',
    ...[...wrapped(meaning, room), ...replayNotes(replayed, room)].map(colors.dim),
  ];
}

function choiceText(choice: Wish['warnAfter']): string {
  if (choice === undefined) return 'as now';
  if (typeof choice === 'number') return spoken(choice);
  return choice.times === 1 ? 'as now' : choice.times === 0.5 ? 'half' : 'double';
}
