import { spoken } from '../evidence/instant.ts';
import type { Objective } from '../evidence/probe.ts';
import type { BurnReport, ObjectiveReport, ProbeReport } from '../evidence/report.ts';

/** As a probe file has it: `95% under 20m over 14d`. */
export function objectiveText({ target, under, over }: Objective): string {
  return `${percentText(target)} under ${spoken(under)} over ${spoken(over)}`;
}

/** To three places at most, none of which is a nought; never rounded up to the whole. */
export function percentText(share: number): string {
  return `${Number((Math.floor(share * 100_000 + 1e-6) / 1000).toFixed(3))}%`;
}

/** `62% left`, `overspent`. */
export function budgetText({ budgetLeft }: ObjectiveReport): string {
  if (budgetLeft === undefined) return '–';
  return budgetLeft < 0 ? 'overspent' : `${Math.floor(budgetLeft * 100 + 1e-6)}% left`;
}

/** The burn that is the most urgent one; undefined where the budget is spent slowly enough. */
export function burnOf({ fast, slow }: ObjectiveReport): BurnReport | undefined {
  return [fast, slow].find(({ burning }) => burning);
}

/** `spends its error budget 4.2 times as fast as it may over 6h, 5 times over 1h`. */
export function burnText({ rates, long, short }: BurnReport): string {
  return `spends its error budget ${rateText(rates.long)} times as fast as it may over ${spoken(long)}, ${rateText(rates.short)} times over ${spoken(short)}`;
}

export function rateText(rate: number | undefined): string {
  return rate === undefined ? '–' : String(Number(rate.toFixed(1)));
}

/** A probe of whose objective something is known. */
export interface Known {
  name: string;
  objective: ObjectiveReport;
  kept: number;
  left: number;
  burn: BurnReport | undefined;
}

/** Probes of whose objectives something is known. */
export function knownObjectives(probes: readonly ProbeReport[]): Known[] {
  return probes.flatMap(({ name, objective }) =>
    objective?.compliance === undefined || objective.budgetLeft === undefined
      ? []
      : [{ name, objective, kept: objective.compliance, left: objective.budgetLeft, burn: burnOf(objective) }],
  );
}

/** `8 of 9 kept`. */
export function keptText(known: readonly Known[]): string {
  return `${known.filter(({ left }) => left >= 0).length} of ${known.length} kept`;
}
