import type { Fact } from '../../evidence/fact.ts';
import type { Docket } from '../docket.ts';
import { DAYS_REFUSED_FOR, UNBROKEN } from '../limits.ts';
import { brokenAfter } from '../troubles.ts';

/**
 * Past days that the queue refuses to tell of may be told of a little later; where it goes on to refuse, what is present begins without them, or
 * nothing would ever be submitted.
 */
export function giveUpDays(docket: Docket, facts: readonly Fact[]): void {
  const { recover = [], daysRefused: before } = docket.watch;
  const refused = facts.find((fact) => fact.kind === 'failed' && fact.day !== undefined && fact.why === 'refused');
  if (refused === undefined || recover.length === 0) return;
  const { at } = refused;
  const told = facts.some(({ kind }) => kind === 'group');
  const goesOn = before !== undefined && !told && at - before.last <= brokenAfter(docket, UNBROKEN);
  const since = goesOn ? before.since : at;
  docket.putWatch({ daysRefused: { since, last: at }, ...(at - since >= DAYS_REFUSED_FOR && { recover: [] }) });
}
