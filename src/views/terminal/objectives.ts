import type { ProbeReport, Report } from '../../evidence/report.ts';
import { budgetText, burnOf, burnText, objectiveText } from '../objective.ts';
import type { Column } from './table.ts';
import { type Colors, harmless, wrapped } from './text.ts';

/** What is left of each error budget. */
export function budgetColumn(colors: Colors): Column<ProbeReport> {
  const cell = ({ objective }: ProbeReport) => {
    if (objective === undefined) return '';
    const bad = burnOf(objective) !== undefined || (objective.budgetLeft ?? 0) < 0;
    return bad ? colors.yellow(budgetText(objective)) : budgetText(objective);
  };
  return { title: 'BUDGET', cell, right: true, rank: 3 };
}

/** The probes that spend their error budgets too fast, and how fast. */
export function burnLines({ probes }: Report, colors: Colors, room: number): string[] {
  const lines = probes.flatMap(({ name, objective }) => {
    const burn = objective && burnOf(objective);
    if (objective === undefined || burn === undefined) return [];
    return [harmless(`▲ burn  ${name}  ${burnText(burn)}; ${budgetText(objective)}, of ${objectiveText(objective)}`)];
  });
  return lines.length === 0 ? [] : ['', ...lines.flatMap((line) => wrapped(line, room, 8).map(colors.yellow))];
}
