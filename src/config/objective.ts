import { DAY, spoken } from '../evidence/instant.ts';
import type { Objective } from '../evidence/probe.ts';
import { CANCEL_BEFORE } from '../judge/limits.ts';
import { bad, type Checked, good } from './checked.ts';
import { checkDuration, durationWithin } from './duration.ts';

const FORM = /^(\S+) under (\S+) over (\S+)$/;
const SHARE = /^(\d{1,2}(?:\.\d{1,3})?)%$/;
const EXAMPLE = 'Write a share, a time to claim and a span of days, such as 95% under 20m over 14d.';
/** Below a week a day's bad hour is most of the budget, and above a quarter of a year nobody remembers what spent it. */
const SPAN = { least: 7 * DAY, most: 90 * DAY };
const checkSpan = durationWithin(SPAN.least, SPAN.most);

/** Reads `95% under 20m over 14d`. */
export function checkObjective(text: string): Checked<Objective> {
  const [, share = '', under = '', over = ''] = FORM.exec(text) ?? [];
  if (share === '') return bad('is no objective', EXAMPLE);
  const percent = Number(SHARE.exec(share)?.[1] ?? Number.NaN);
  if (Number.isNaN(percent)) return bad(`has ${share} where a share should stand`, EXAMPLE);
  if (percent < 50) return bad('asks for less than half', 'Write a share from 50% to 99.999%.');
  const within = checkDuration(under);
  if (!within.ok) return bad(`has a time to claim that ${within.problem}`, within.remedy);
  const span = checkSpan(over);
  if (!span.ok) return bad(`has a span that ${span.problem}`, span.remedy);
  if (span.value % DAY !== 0)
    return bad('has a span that is not whole days', 'History is kept by the day: write 7d, 14d or 30d.');
  return good({ target: percent / 100, under: within.value, over: span.value });
}

/**
 * What is wrong between an objective as it was written and the milliseconds until a canary's deadline, shortly before which it is
 * cancelled: one that is in time for longer could never be seen to miss. Undefined where nothing is.
 */
export function unattained(written: unknown, deadline: number): { problem: string; remedy: string } | undefined {
  const checked = typeof written === 'string' ? checkObjective(written) : undefined;
  const longest = deadline - CANCEL_BEFORE;
  if (!checked?.ok || checked.value.under <= longest) return undefined;
  return {
    problem: `has a time to claim over ${spoken(longest)}, for which no canary waits`,
    remedy: `Write ${spoken(longest)} or less, or give the probe a later deadline.`,
  };
}
