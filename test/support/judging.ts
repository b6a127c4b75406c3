import type { Change } from '../../src/evidence/change.ts';
import { emptyState, evolve } from '../../src/evidence/evolve.ts';
import type { Fact } from '../../src/evidence/fact.ts';
import type { Address, Incident, Level } from '../../src/evidence/incident.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Audiences, Config, ProbeEntry, Schedule } from '../../src/evidence/probe.ts';
import type { PoolInfo } from '../../src/evidence/reading.ts';
import type { State } from '../../src/evidence/state.ts';
import type { Run, TaskStatus } from '../../src/evidence/task.ts';
import type { Rules } from '../../src/judge/docket.ts';
import { judge } from '../../src/judge/judge.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { DAY_ZERO } from './values.ts';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Every `step` minutes, in UTC. */
export function everyMinutes(step: number): Schedule {
  const minute = range(0, 59).filter((m) => m % step === 0);
  const days = { dayOfMonth: range(1, 31), month: range(1, 12), dayOfWeek: range(0, 6) };
  return { expression: `*/${step} * * * *`, timezone: 'Etc/UTC', second: [0], minute, hour: range(0, 23), ...days };
}

/** Slack hears of everything; who is to hear of pages as well is added where a test needs it. */
const ALERTS: Audiences = { warn: { slack: 'C0123456789', webhooks: [] }, page: { slack: 'C0123456789', webhooks: [] } };

export function entry(pool: string, over: Partial<ProbeEntry> = {}): ProbeEntry {
  return {
    pool,
    schedule: everyMinutes(15),
    thresholds: { warnAfter: 5 * MINUTE, pageAfter: 15 * MINUTE },
    mode: 'alert',
    resolveAfter: 2,
    priority: 'lowest',
    payload: 'generic-worker',
    deadline: 6 * HOUR,
    pageOnBacklog: false,
    alerts: ALERTS,
    line: 1,
    ...over,
  };
}

export function configOf(probes: ProbeEntry[], over: Partial<Config> = {}): Config {
  return {
    file: 'probes/test.yml',
    deployment: 'test',
    rootUrl: 'https://tc.example.com',
    store: { engine: 'sqlite', path: ':memory:' },
    retain: 30 * DAY,
    task: { schedulerId: 'tc-canary', owner: 'canary@example.com', source: 'https://example.com/canary' },
    unreachableAfter: 5 * MINUTE,
    webhooks: [],
    alerts: ALERTS,
    incidents: { groupWait: 30 * SECOND, fleetAt: 3, reopenWithin: 30 * MINUTE },
    provisioning: { mode: 'off', silence: 10 * MINUTE, pools: [] },
    silences: [],
    maintenance: [],
    probes,
    ...over,
  };
}

export const ADDRESSES: Record<Level, Address[]> = {
  warn: [{ route: 'slack:C1', severity: 'warning' }],
  page: [
    { route: 'slack:C1', severity: 'critical' },
    { route: 'pagerduty:k', severity: 'critical' },
  ],
};

/** A judge at a bench: facts go in at an instant, and the state and every change so far can be read off. */
export class Bench {
  /** A new configuration is a value of its own. */
  config: Config;
  state: State;
  readonly changes: Change[] = [];
  addressees: Rules['addressees'] = (_probe, level) => ADDRESSES[level];
  now: number;

  constructor(config: Config, now = DAY_ZERO) {
    this.config = config;
    this.now = now;
    this.state = emptyState();
    // Past the rebuilding that a first pass does, for most tests are not about it.
    this.judge([]);
    const days = this.state.watch.recover ?? [];
    this.judge(days.map((day): Fact => ({ kind: 'group', day, tasks: [], at: this.now })));
  }

  judge(facts: readonly Fact[], now = this.now): Change[] {
    this.now = now;
    const rules = {
      draft: draftFor(this.config),
      addressees: this.addressees,
      groupWait: this.config.incidents.groupWait,
    };
    const changes = judge(this.config, rules, this.state, facts, now);
    this.state = evolve(this.state, changes);
    this.changes.push(...changes);
    return changes;
  }

  open(probe: string) {
    const canary = this.state.probes.get(probe)?.open;
    if (canary === undefined) throw new Error(`${probe} has no canary in flight`);
    return canary;
  }

  /** The queue says it is still pending, having been scheduled two seconds after its slot. */
  pending(probe: string, now: number): Change[] {
    return this.judge([{ kind: 'status', taskId: this.open(probe).taskId, status: this.status(probe, {}), at: now }], now);
  }

  /** The queue says it was claimed `ms` after it was scheduled. */
  claimed(probe: string, ms: number, now: number): Change[] {
    const scheduled = this.open(probe).scheduled ?? this.open(probe).slot + 2000;
    const status = this.status(probe, { state: 'running', scheduled, started: scheduled + ms, workerGroup: 'g', workerId: 'w' });
    return this.judge([{ kind: 'status', taskId: status.taskId, status, at: now, start: 'warm' }], now);
  }

  status(probe: string, run: Partial<Run>): TaskStatus {
    const canary = this.open(probe);
    const { taskId, pool: taskQueueId, schedulerId, taskGroupId, deadline, slot } = canary;
    const full: Run = { state: 'pending', scheduled: canary.scheduled ?? slot + 2000, ...run };
    return { taskId, taskQueueId, schedulerId, taskGroupId, state: full.state, deadline, runs: [full] };
  }

  incident(): Incident | undefined {
    return [...this.state.incidents.values()][0];
  }

  /** Every revision of every incident so far, oldest first. */
  revisions(): Incident[] {
    return this.changes.flatMap((change) => (change.kind === 'incident' ? [change.incident] : []));
  }
}

/** Worker-manager's word on one pool; undefined where it does not know it. */
export function definition(pool: string, info: Partial<PoolInfo> | undefined, at: number): Fact {
  const request = { what: 'pool' as const, pool };
  if (info === undefined) return { kind: 'read', request, at };
  const full = { pool, provider: 'p', currentCapacity: 0, requestedCapacity: 0, launchConfigs: 1, ...info };
  return { kind: 'read', request, reading: { what: 'pool', info: full }, at };
}
