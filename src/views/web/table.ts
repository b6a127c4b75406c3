import { spoken } from '../../evidence/instant.ts';
import type { ProbeReport, Report } from '../../evidence/report.ts';
import { type Markup, markup, type Piece } from '../markup.ts';
import { budgetText, burnOf, objectiveText } from '../objective.ts';
import { strip } from '../svg/strip.ts';
import { createdText, lastText, quantileText, REASONS, worstFirst } from '../verdicts.ts';
import { ago, link, probePath, state } from './parts.ts';

interface Column {
  title: string;
  /** What the title means, where it is short. */
  hint?: string;
  /** Numbers stand at the right. `medium`, `wide`, `wider`: only where there is room for it. */
  classes: string;
  cell: (probe: ProbeReport, now: number) => Piece;
}

const COLUMNS: Column[] = [
  { title: 'Last', hint: 'the last time to claim, or the present wait', classes: 'number', cell: lastCell },
  { title: 'Ago', hint: 'since that claim', classes: 'number wider', cell: (p, now) => p.lastClaim && ago(p.lastClaim.at, now) },
  { title: 'p50', hint: 'half were faster', classes: 'number wide', cell: (p) => quantileText(p.p50) },
  { title: 'p95', hint: '95 of 100 were faster', classes: 'number medium', cell: (p) => quantileText(p.p95) },
  { title: 'p99', hint: '99 of 100 were faster', classes: 'number wider', cell: (p) => quantileText(p.p99) },
  { title: 'Last 24 h', hint: 'the slowest of each hour', classes: 'strips', cell: (p) => strip(p) },
  { title: 'Claims', classes: 'number wider', cell: (p) => p.claims },
  { title: 'Late', hint: 'past warnAfter', classes: 'number wide', cell: lateCell },
];
const BUDGET: Column = { title: 'Budget', hint: 'of errors, by the objective', classes: 'number wide', cell: budgetCell };
const CREATED: Column = { title: 'Created/h', hint: 'workers', classes: 'number wider', cell: createdText };

/** Every probe, worst first. */
export function poolTable(report: Report): Markup {
  const probes = worstFirst(report.probes);
  const columns = [
    ...COLUMNS,
    ...(probes.some(({ objective }) => objective !== undefined) ? [BUDGET] : []),
    ...(probes.some(({ created }) => created !== undefined) ? [CREATED] : []),
  ];
  const head = columns.map(
    ({ title, hint, classes }) =>
      markup`<th scope="col" class="${classes}"${hint !== undefined && markup` title="${hint}"`}>${title}</th>`,
  );
  const rows = probes.map(
    (probe) =>
      markup`<tr class="${probe.verdict}"><td>${stateCell(probe, report.at)}</td><th scope="row">${nameCell(probe, report.at)}</th>${columns.map(({ classes, cell }) => markup`<td class="${classes}">${cell(probe, report.at)}</td>`)}</tr>`,
  );
  return markup`<table class="pools"><thead><tr><th scope="col">State</th><th scope="col">Pool</th>${head}</tr></thead><tbody>
${rows.map((row) => markup`${row}\n`)}</tbody></table>`;
}

function nameCell({ name, silenced }: ProbeReport, now: number): Markup {
  return markup`${link(probePath(name), name)}${silenced && markup` <span class="tag">silent ${spoken(silenced.until - now)}</span>`}`;
}

function stateCell({ verdict, why, verdictSince }: ProbeReport, now: number): Markup {
  const since = verdict !== 'healthy' && verdictSince !== undefined ? `for ${spoken(now - verdictSince)}` : '';
  const more = [REASONS[why], since].filter((one) => one !== '').join(' ');
  return markup`${state(verdict)}${more !== '' && markup`<span class="more"> ${more}</span>`}`;
}

function lastCell(probe: ProbeReport): Piece {
  const text = lastText(probe);
  return probe.verdict === 'healthy' || text === '–' ? text : markup`<span class="state ${probe.verdict}">${text}</span>`;
}

function lateCell({ breaches }: ProbeReport): Piece {
  return breaches === 0 ? '0' : markup`<span class="state slow">${breaches}</span>`;
}

function budgetCell({ objective }: ProbeReport): Piece {
  if (objective === undefined) return '';
  const bad = burnOf(objective) !== undefined || (objective.budgetLeft ?? 0) < 0;
  return markup`<span class="${bad && 'state slow'}" title="${objectiveText(objective)}">${budgetText(objective)}</span>`;
}
