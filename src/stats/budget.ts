import { DAY, HOUR } from '../evidence/instant.ts';
import type { Objective } from '../evidence/probe.ts';
import type { BudgetTally, Kept } from '../evidence/tally.ts';
import { HOURS_LOOKED, isMissed } from './objective.ts';

/** The tally with one more observation, and without what is too old to count at `now`. */
export function budgeted(
  before: BudgetTally | undefined,
  { under, over }: Objective,
  { at, ms, censored }: { at: number; ms: number; censored: boolean },
  now: number,
): BudgetTally {
  const known = before?.under === under ? before : { under, hours: [], days: [] };
  const missed = isMissed(ms, under);
  // That it ended unclaimed before its time was up says neither.
  if (censored && !missed) return known;
  return {
    ...known,
    hours: counted(known.hours, at, missed, HOUR, now - HOURS_LOOKED),
    days: counted(known.days, at, missed, DAY, now - over - DAY),
  };
}

function counted(stretches: readonly Kept[], instant: number, missed: boolean, unit: number, from: number): Kept[] {
  const at = Math.floor(instant / unit) * unit;
  const before = stretches.find((stretch) => stretch.at === at) ?? { at, kept: 0, missed: 0 };
  const { kept } = before;
  const one = missed ? { at, kept, missed: before.missed + 1 } : { at, kept: kept + 1, missed: before.missed };
  const others = stretches.filter((stretch) => stretch.at !== at);
  return [...others, one].filter((stretch) => stretch.at > from).sort((a, b) => a.at - b.at);
}
