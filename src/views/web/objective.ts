import { spoken } from '../../evidence/instant.ts';
import type { BurnReport, ObjectiveReport } from '../../evidence/report.ts';
import { type Markup, markup } from '../markup.ts';
import { budgetText, objectiveText, percentText, rateText } from '../objective.ts';
import { facts, state } from './parts.ts';

/** How a probe stands to its objective. */
export function objectivePanel(objective: ObjectiveReport): Markup {
  const { compliance, kept, missed, budgetLeft = 1, fast, slow } = objective;
  const left = Math.round(Math.max(0, Math.min(1, budgetLeft)) * 100);
  return markup`<section aria-labelledby="objective"><h2 id="objective">Objective: ${objectiveText(objective)}</h2>
<figure><svg class="budget" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="Error budget: ${budgetText(objective)}"><rect class="spent" width="100" height="4"/><rect class="left" width="${left}" height="4"/></svg></figure>
${facts([
  ['Error budget', budgetLeft < 0 ? state('slow', budgetText(objective)) : budgetText(objective)],
  ['In time', compliance === undefined ? '–' : `${percentText(compliance)}, ${kept} of ${kept + missed}`],
  ['Spending now', burn(fast)],
  ['Spending of late', burn(slow)],
])}</section>`;
}

function burn({ long, short, rates, limit, burning }: BurnReport): Markup {
  const words = `${rateText(rates.long)}× over ${spoken(long)}, ${rateText(rates.short)}× over ${spoken(short)}`;
  return markup`${burning ? state('slow', `too fast: ${words}`) : words} <span class="muted">(limit ${rateText(limit)}×)</span>`;
}
