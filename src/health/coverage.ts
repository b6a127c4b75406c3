import type { DueCanary, Fact } from '../evidence/fact.ts';
import type { Probe } from '../evidence/probe.ts';
import type { Blind } from '../evidence/report.ts';
import type { State } from '../evidence/state.ts';

/** What one pass covered, and how the probes stood when it ended. */
export interface Coverage {
  /** All probes that are configured, globs expanded. */
  probes: number;
  /** Canaries that were due, and whether the queue has them now. */
  submitted: number;
  failed: number;
  /** Probes whose canary nobody has claimed yet. */
  pending: number;
  /** Probes by what the evidence says of them. */
  slow: number;
  stuck: number;
  unknown: number;
  /** Where the watch over new workers may not read what it goes by. */
  blind?: Blind;
  /** Calls to Taskcluster that it made. */
  calls: number;
  /** How long the pass took, in milliseconds. */
  took: number;
}

/** `due` are the canaries that the pass was to create, `facts` what became of them, `state` what it left behind. */
export function coverageOf(
  probes: readonly Probe[],
  state: State,
  due: readonly DueCanary[],
  facts: readonly Fact[],
  { took, calls, blind }: Pick<Coverage, 'took' | 'calls' | 'blind'>,
): Coverage {
  const known = probes.map(({ name }) => state.probes.get(name));
  const there = new Set(facts.flatMap((fact) => (fact.kind === 'created' || fact.kind === 'status' ? [fact.taskId] : [])));
  const submitted = due.filter(({ taskId }) => there.has(taskId)).length;
  const judged = (verdict: string) => known.filter((probe) => probe?.verdict?.is === verdict).length;
  return {
    probes: probes.length,
    submitted,
    failed: due.length - submitted,
    pending: known.filter((probe) => probe?.open?.stage === 'pending').length,
    slow: judged('slow'),
    stuck: judged('stuck'),
    unknown: judged('unknown'),
    ...(blind && { blind }),
    calls,
    took,
  };
}

/** `400 probes: 12 submitted, 3 pending, 1 stuck`; what is nought and bad is left out. */
export function coverageWords({ probes, submitted, pending, slow, stuck, unknown, failed, calls }: Coverage): string {
  const bad = Object.entries({ slow, stuck, unknown, 'not submitted': failed }).filter(([, count]) => count > 0);
  const counts = [['submitted', submitted], ['pending', pending], ...bad, ['calls', calls]].map(
    ([what, count]) => `${count} ${what}`,
  );
  return `${probes} ${probes === 1 ? 'probe' : 'probes'}: ${counts.join(', ')}`;
}
