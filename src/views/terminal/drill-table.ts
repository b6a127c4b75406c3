import type { Outcome } from '../../drill/run.ts';
import type { Figures } from '../../drill/verdict.ts';
import { spoken } from '../../evidence/instant.ts';
import { counted } from '../../notify/words/count.ts';
import { type Column, table } from './table.ts';
import { type Colors, harmless, wrapped } from './text.ts';

/** A line a drill: the prober's figures, and in brackets those of the people who were there. */
export function drillTable(outcomes: readonly Outcome[], colors: Colors, room: number): string[] {
  const columns: Column<Outcome>[] = [
    { title: '', cell: ({ verdict }) => mark(verdict.failures.length === 0, colors), rank: 0 },
    { title: 'DRILL', cell: ({ name }) => harmless(name), rank: 0, shrinks: true },
    { title: 'NOTICED', cell: against('noticed'), rank: 0 },
    { title: 'PAGED', cell: against('paged'), rank: 0 },
    { title: 'CAUSE', cell: ({ verdict }) => verdict.cause ?? '–', rank: 1 },
    { title: 'RESOLVED', cell: against('resolved'), rank: 2 },
    { title: 'PAGES', cell: ({ verdict }) => String(verdict.pages), right: true, rank: 3 },
    { title: 'FALSE ALARMS', cell: ({ verdict }) => falseText(verdict.falseAlarms), rank: 4 },
  ];
  const [head = '', ...rows] = table(columns, outcomes, room);
  return [colors.dim(head), ...rows];
}

function mark(holds: boolean, colors: Colors): string {
  return holds ? colors.green('✓') : colors.red('✗');
}

function against(figure: keyof Figures): (outcome: Outcome) => string {
  const said = (ms: number | undefined) => (ms === undefined ? '–' : spoken(ms));
  return ({ verdict }) => `${said(verdict.prober[figure])} (${said(verdict.people[figure])})`;
}

/** How many pages there were, and of what they should not have been. */
export function pagesText({ verdict: { pages, falseAlarms } }: Outcome): string {
  const alarms = falseText(falseAlarms);
  return `${counted(pages, 'page')}, ${alarms === 'none' ? 'no false alarms' : `false alarms: ${alarms}`}.`;
}

function falseText({ pages, warnings }: Outcome['verdict']['falseAlarms']): string {
  const said = [pages > 0 ? counted(pages, 'page') : '', warnings > 0 ? counted(warnings, 'warning') : ''].filter(
    (t) => t !== '',
  );
  return said.length === 0 ? 'none' : said.join(', ');
}

/** What was expected and does not hold. */
export function failureLines(outcomes: readonly Outcome[], colors: Colors, room: number): string[] {
  return outcomes.flatMap(({ name, verdict }) => {
    const of = outcomes.length === 1 ? '' : `${harmless(name)}: `;
    return verdict.failures.flatMap((failure) => wrapped(`✗ ${of}${failure}`, room, 2).map(colors.red));
  });
}
