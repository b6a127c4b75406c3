import type { BudgetEvidence, Burning, Incident } from '../../evidence/incident.ts';
import { spoken } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { counted } from './count.ts';

const ADVICE =
  "No canary is late enough for an alert of its own, but too many are later than was agreed. See on the probe's page which hours and " +
  'which starts are slow: cold ones ask for faster boots or a higher minimum capacity, warm ones for more capacity. Or agree on less.';

/** The words for the incident of probes that spend their error budgets too fast. */
export function budgetWords({ ended, end, opened }: Incident, { burning }: BudgetEvidence) {
  const [worst] = burning;
  const whom = worst !== undefined && burning.length === 1 ? clean(worst.probe) : counted(burning.length, 'probe');
  const [its, has] = burning.length === 1 ? ['its error budget', 'spends'] : ['their error budgets', 'spend'];
  if (ended !== undefined)
    return {
      headline:
        end === 'withdrawn'
          ? `${whom}: no longer watched`
          : `${worst === undefined ? 'error budgets' : `${whom}: ${its}`} spent slowly enough again`,
      reason: `Over after ${spoken(ended - opened)}`,
      advice: ADVICE,
    };
  const more = burning.length > 1 ? `; ${counted(burning.length - 1, 'other probe')} likewise` : '';
  return {
    headline: `${whom} ${has} ${its} too fast`,
    reason: worst === undefined ? 'None burns any more' : `${burnSentence(worst)}${more}`,
    advice: ADVICE,
  };
}

/** The figures of one probe, without a full stop. */
function burnSentence({ probe, objective, rates, long, short, missed, observed, budgetLeft }: Burning): string {
  const { under, over, target } = objective;
  return (
    `Of ${observed} canaries of ${clean(probe)} in ${spoken(long)}, ${missed} were not claimed in ${spoken(under)}, where ` +
    `${shareText(1 - target)} may: ${times(rates.long)} what the error budget of ${spoken(over)} allows, and ${times(rates.short)} over the last ` +
    `${spoken(short)}. ${budgetText(budgetLeft)}`
  );
}

/** `62% of the error budget is left`. */
export function budgetText(left: number): string {
  if (left < 0) return `The error budget is overspent by ${Math.round(-left * 100)}%`;
  return `${Math.floor(left * 100 + 1e-6)}% of the error budget is left`;
}

/** The probes that burn, fastest first, each with its rate; at most `most`, and a line that counts the rest. */
export function burnLines({ burning }: BudgetEvidence, most: number, shown: (name: string) => string = clean): string[] {
  const lines = burning
    .slice(0, most)
    .map(
      ({ probe, rates, long, budgetLeft }) =>
        `${shown(probe)}  ${times(rates.long)} over ${spoken(long)}, ${leftText(budgetLeft)}`,
    );
  const left = burning.length - lines.length;
  return left === 0 ? lines : [...lines, `and ${left} more`];
}

function leftText(left: number): string {
  return left < 0 ? 'overspent' : `${Math.floor(left * 100 + 1e-6)}% left`;
}

function times(rate: number): string {
  return `${Number(rate.toFixed(1))} times`;
}

function shareText(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`;
}
