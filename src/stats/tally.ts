import type { Change } from '../evidence/change.ts';
import { CLAIM_BOUNDS, type ClaimCounts, type Tally } from '../evidence/tally.ts';

const EMPTY: Tally = { claims: {}, late: 0, unclaimed: 0 };

/** The tally with one more observation. */
export function tallied(
  tally: Tally = EMPTY,
  { ms, start, censored, breach }: Pick<Extract<Change, { kind: 'observation' }>, 'ms' | 'start' | 'censored' | 'breach'>,
): Tally {
  if (censored) return { ...tally, unclaimed: tally.unclaimed + 1 };
  const counts = counted(tally.claims[start], ms);
  return { ...tally, claims: { ...tally.claims, [start]: counts }, late: tally.late + (breach ? 1 : 0) };
}

function counted(before: ClaimCounts | undefined, ms: number): ClaimCounts {
  const fits = CLAIM_BOUNDS.findIndex((bound) => ms <= bound);
  const bucket = fits === -1 ? CLAIM_BOUNDS.length : fits;
  const buckets = before?.buckets ?? Array.from({ length: CLAIM_BOUNDS.length + 1 }, () => 0);
  return { buckets: buckets.map((count, i) => (i === bucket ? count + 1 : count)), sum: (before?.sum ?? 0) + ms };
}
