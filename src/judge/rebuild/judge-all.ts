import type { Change } from '../../evidence/change.ts';
import { evolve } from '../../evidence/evolve.ts';
import type { Fact, Standing } from '../../evidence/fact.ts';
import type { Config } from '../../evidence/probe.ts';
import type { State } from '../../evidence/state.ts';
import { Docket, type Rules } from '../docket.ts';
import { blindDays, recoverDays } from '../due.ts';
import { takeIn } from '../facts.ts';
import { judge } from '../judge.ts';
import { relive } from './relive.ts';

const HISTORY = new Set<Fact['kind']>(['read', 'examined', 'group']);

/**
 * Judges facts, and where they hold the days that were lacking since the store was lost, lives through those first: what is open then has the
 * ids that it had, and what is over is not begun again. Pure, as `judge` is.
 */
export function judgeAll(config: Config, rules: Rules, state: State, facts: readonly Fact[], now: number): Change[] {
  const recover = state.watch.recover ?? recoverDays(config, now);
  const blind = blindDays(config, recover, now);
  const read = facts.flatMap((fact) => (fact.kind === 'group' && recover.includes(fact.day) ? [fact.day] : []));
  if (blind.length === 0 || !blind.every((day) => read.includes(day))) return judge(config, rules, state, facts, now);

  const history = takenIn(config, rules, { ...state, watch: { ...state.watch, recover } }, facts, now);
  const known = evolve(state, history);
  const lived = relive({ config, rules, state: known, from: Math.min(...read), now }, history, standingIn(facts));
  const rest = facts
    .filter(({ kind }) => !HISTORY.has(kind) || kind === 'group')
    .map((fact) => (fact.kind === 'standing' ? { ...fact, incidents: [] } : fact));
  return latest([...history, ...lived, ...judge(config, rules, evolve(known, lived), rest, now)]);
}

/** What the queue tells of canaries, before anything is made of it. */
function takenIn(config: Config, rules: Rules, state: State, facts: readonly Fact[], now: number): Change[] {
  const docket = new Docket(config, rules, state, now);
  takeIn(
    docket,
    facts.filter(({ kind }) => HISTORY.has(kind)),
  );
  return docket.changes();
}

function standingIn(facts: readonly Fact[]): Standing[] {
  return facts.flatMap((fact) => (fact.kind === 'standing' ? fact.incidents : []));
}

/** Of what is written under one name the last counts; the others keep their order. */
function latest(changes: readonly Change[]): Change[] {
  const last = new Map<string, Change>();
  const keyOf = (change: Change) => {
    if (change.kind === 'probe') return `probe ${change.state.name}`;
    if (change.kind === 'pool') return `pool ${change.record.pool}`;
    return change.kind === 'watch' ? 'watch' : undefined;
  };
  for (const change of changes) last.set(keyOf(change) ?? '', change);
  return changes.filter((change) => {
    const key = keyOf(change);
    return key === undefined || last.get(key) === change;
  });
}
