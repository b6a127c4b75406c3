import type { BudgetEvidence, Burning, Entry, Incident } from '../evidence/incident.ts';
import { HOUR, MINUTE, spoken } from '../evidence/instant.ts';
import type { Probe } from '../evidence/probe.ts';
import type { BurnReport, ObjectiveReport } from '../evidence/report.ts';
import type { ProbeState } from '../evidence/state.ts';
import type { BudgetTally } from '../evidence/tally.ts';
import { objectiveOf } from '../stats/objective.ts';
import type { Docket } from './docket.ts';
import { open, resolve, revise } from './incidents.ts';
import { BUDGET_LINES, BURN_CALM, BURN_ENOUGH, BURN_MISSED, TOLD_AGAIN } from './limits.ts';
import { named } from './members.ts';
import { thresholdsOf } from './probes.ts';
import { covering } from './silences.ts';
import { inFlight, waitsOf } from './waiting.ts';

const ANCHOR = 'objective:budget';
const PAIRS = ['fast', 'slow'] as const;

/** How the probe stands to its objective by the counts that its state keeps; undefined without one, or before any. */
export function standingOf({ now }: Docket, probe: Probe, state: ProbeState | undefined): ObjectiveReport | undefined {
  const { objective } = probe;
  const budget = state?.budget;
  if (objective === undefined || budget?.under !== objective.under) return undefined;
  const flying = inFlight(state, now);
  const late = flying !== undefined && flying.seenAt - flying.scheduled > objective.under;
  return objectiveOf(objective, budget.days, budget.hours, late ? waitsOf(probe, flying) : [], now);
}

/**
 * One incident tells of all probes that spend their error budgets too fast, as far as no other one tells of them: what that costs stands
 * there. It never pages: who must be woken is told by what waits, and not by a sum.
 */
export function judgeBudgets(docket: Docket): void {
  const incident = docket.incidents.get(ANCHOR);
  const probes = docket.probes.filter(({ objective }) => objective !== undefined);
  if (docket.watch.trouble.look !== undefined || (probes.length === 0 && incident === undefined)) return;
  noteTold(docket, probes);
  const before = incident?.evidence.kind === 'budget' ? incident.evidence.burning : [];
  const known = new Map(before.map((one) => [one.probe, one]));
  const burning = probes.flatMap((probe) => burningOf(docket, probe, known.get(probe.name)) ?? []);
  burning.sort((a, b) => b.rates.long - a.rates.long);
  if (incident?.evidence.kind === 'budget') follow(docket, incident, incident.evidence, burning);
  else begin(docket, burning);
}

/** Until the short time of a pair has passed without an incident, what burns in it has been told. */
function noteTold(docket: Docket, probes: readonly Probe[]): void {
  const subjects = new Set([...docket.incidents.values()].flatMap(subjectsOf));
  for (const { name, pool, objective } of probes) {
    const state = docket.states.get(name);
    const isTold = [EVERYBODY, `probe:${name}`, `pool:${pool}`].some((subject) => subjects.has(subject));
    if (state === undefined || objective === undefined || !isTold) continue;
    const budget = state.budget ?? { under: objective.under, hours: [], days: [] };
    if (docket.now - (budget.toldAt ?? 0) >= TOLD_AGAIN) docket.putState({ ...state, budget: { ...budget, toldAt: docket.now } });
  }
}

const EVERYBODY = '*';

/** Of whose late canaries an incident tells. */
function subjectsOf({ evidence, cause }: Incident): string[] {
  if (evidence.kind === 'pool') return [`probe:${evidence.probe}`];
  if (evidence.kind === 'fleet') return evidence.members.map(({ probe }) => `probe:${probe}`);
  if (evidence.kind === 'capacity') return [`pool:${evidence.pool}`];
  return cause === 'queue-unreachable' || cause === 'cannot-submit' ? [EVERYBODY] : [];
}

function burningOf(docket: Docket, probe: Probe, before: Burning | undefined): Burning | undefined {
  const state = docket.states.get(probe.name);
  if (state === undefined || thresholdsOf(probe, state) === undefined) return undefined;
  const standing = standingOf(docket, probe, state);
  if (standing === undefined) return undefined;
  const pair = PAIRS.find((each) => {
    if (!isShown(standing[each], each)) return false;
    return before === undefined ? isUntold(docket, state, standing[each]) : true;
  });
  if (pair === undefined)
    return before && stillBurns(docket, state, standing[before.pair])
      ? { ...before, ...figuresOf(standing, before.pair) }
      : undefined;
  if (before === undefined && covering(docket.forces, { pool: probe.pool, probe: probe.name, cause: 'budget-burning' }))
    return undefined;
  return { probe: probe.name, pool: probe.pool, ...figuresOf(standing, pair) };
}

function figuresOf(standing: ObjectiveReport, pair: Burning['pair']): Omit<Burning, 'probe' | 'pool'> {
  const { long, short, rates, kept, missed } = standing[pair];
  const { target, under, over, budgetLeft = 1 } = standing;
  return {
    objective: { target, under, over },
    pair,
    long,
    short,
    rates: { long: rates.long ?? 0, short: rates.short ?? 0 },
    observed: kept + missed,
    missed,
    budgetLeft,
  };
}

/** One late canary of four in an hour is no rate yet, however strict the objective. */
function isShown({ burning, kept, missed }: BurnReport, pair: Burning['pair']): boolean {
  return burning && missed >= BURN_MISSED && kept + missed >= BURN_ENOUGH[pair];
}

function isUntold({ now }: Docket, { budget }: ProbeState, { short }: BurnReport): boolean {
  return (budget?.toldAt ?? 0) < Math.floor((now - short) / HOUR) * HOUR;
}

/**
 * It ends at half of what it begins at; of a time in which nothing was seen nobody can say that it is better. An hour has too few canaries
 * to end it: a pool that is late now and then would come and go.
 */
function stillBurns({ now }: Docket, { budget }: ProbeState, { rates, limit, short }: BurnReport): boolean {
  if ((rates.long ?? 0) <= limit / 2) return false;
  const calmSince = Math.floor((now - BURN_CALM) / HOUR) * HOUR;
  const lately = short < BURN_CALM && budget?.hours.some(({ at, missed }) => at >= calmSince && missed > 0);
  return lately || (rates.short ?? limit) > limit / 2;
}

function begin(docket: Docket, burning: Burning[]): void {
  const [worst] = burning;
  if (worst === undefined) return;
  const at = docket.now;
  const state = docket.states.get(worst.probe);
  const since = firstMissed(state?.budget, worst, at);
  const slot = state?.lastSlot ?? at;
  const text = burning.length === 1 ? burnLine(worst) : `${burning.length} probes: ${burnLine(worst)}, and ${others(burning)}`;
  const evidence: BudgetEvidence = { kind: 'budget', since, burning };
  open(docket, {
    anchor: ANCHOR,
    class: 'pool',
    cause: 'budget-burning',
    level: 'warn',
    since,
    slot,
    at,
    crossed: at,
    evidence,
    text,
  });
}

/** The hour or day of the first one over the long time that was missed. */
function firstMissed(budget: BudgetTally | undefined, { pair, long }: Burning, at: number): number {
  const stretches = (pair === 'fast' ? budget?.hours : budget?.days) ?? [];
  return Math.max(at - long, stretches.find(({ missed }) => missed > 0)?.at ?? at - long);
}

function others(burning: readonly Burning[]): string {
  return named(burning.slice(1).map(({ probe }) => ({ pool: probe })));
}

function burnLine({ probe, pair, rates, long, missed, observed }: Burning): string {
  const fast = Number(rates.long.toFixed(1));
  return `${probe} spends its error budget ${fast} times as fast as it may (${pair} burn): ${missed} of ${observed} too late in ${spoken(long)}`;
}

/** Who joins and leaves is told in the thread, with others that do so soon after. */
function follow(docket: Docket, incident: Incident, evidence: BudgetEvidence, burning: Burning[]): void {
  const at = docket.now;
  if (burning.length === 0) {
    over(docket, incident, evidence);
    return;
  }
  if (incident.flappingSince !== undefined) {
    if (at - (incident.badAt ?? 0) >= MINUTE) docket.putIncident({ ...incident, badAt: at }, []);
    return;
  }
  if (at - (incident.timeline.at(-1)?.at ?? 0) < BUDGET_LINES) return;
  const before = new Map(evidence.burning.map(({ probe, pair }) => [probe, pair]));
  const joined = burning.filter(({ probe }) => !before.has(probe));
  const faster = burning.filter(({ probe, pair }) => pair === 'fast' && before.get(probe) === 'slow');
  const left = evidence.burning.filter((one) => !burning.some(({ probe }) => probe === one.probe));
  const text = [
    ...[...joined, ...faster].slice(0, TOLD_EACH).map(burnLine),
    ...(joined.length + faster.length > TOLD_EACH ? [`and ${joined.length + faster.length - TOLD_EACH} more`] : []),
    ...(left.length === 0 ? [] : [`slowly enough again: ${named(left.map(({ probe }) => ({ pool: probe })))}`]),
  ].join('; ');
  if (text === '') return;
  const what: Entry['what'] = joined.length > 0 ? 'joined' : faster.length > 0 ? 'changed' : 'left';
  revise(docket, incident, { evidence: { ...evidence, burning } }, { at, what, text, loud: faster.length > 0 });
}

/** Of more probes in one line of a story only the number is said. */
const TOLD_EACH = 3;

function over(docket: Docket, incident: Incident, { burning }: BudgetEvidence): void {
  const at = docket.now;
  if (burning.every(({ probe }) => docket.probe(probe)?.objective === undefined)) {
    const entry = { at, what: 'withdrawn' as const, text: 'none of its probes has an objective any more', loud: true };
    revise(docket, incident, { ended: at, end: 'withdrawn' }, entry);
    return;
  }
  const text = `error budgets are spent slowly enough again after ${spoken(at - incident.opened)}`;
  resolve(docket, incident, at, { at, what: 'resolved', text, loud: true });
}

/** The evidence with the figures of now. */
export function burnNow(docket: Docket, evidence: BudgetEvidence): BudgetEvidence {
  const burning = evidence.burning.map((before) => {
    const probe = docket.probe(before.probe);
    return (probe && burningOf(docket, probe, before)) ?? before;
  });
  return { ...evidence, burning };
}
