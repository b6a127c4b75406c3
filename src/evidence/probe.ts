import type { Level, Severity } from './incident.ts';
import type { StorePlace } from './place.ts';
import type { Secret } from './secret.ts';
import type { FileSilence, Maintenance } from './silence.ts';
import type { PayloadKind, Priority } from './task.ts';

/** A cron line, parsed. Fields hold every matching value; days may hold node-cron's `L`, `15W`, `5L` and `5#2` as text. */
export interface Schedule {
  expression: string;
  /** IANA name; `Etc/UTC` unless the probe file says otherwise. */
  timezone: string;
  second: number[];
  minute: number[];
  hour: number[];
  dayOfMonth: (number | string)[];
  month: number[];
  dayOfWeek: (number | string)[];
}

export interface Thresholds {
  /** Time to claim or pending age from which a probe is `slow`, in milliseconds. */
  warnAfter: number;
  /** Pending age from which a probe is `stuck`, in milliseconds. */
  pageAfter: number;
}

/** Who hears of an incident that reaches one level. */
export interface Audience {
  /** Id of a Slack channel. */
  slack?: string;
  /** `<!here>`, `<!channel>` or `<!subteam^...>`; on pages only. */
  mention?: string;
  pagerduty?: { routingKey: Secret; severity: Severity };
  /** Names of webhooks. */
  webhooks: string[];
}

export type Audiences = Record<Level, Audience>;

/** One entry of `probes:`; `pool` may be a glob, which `expand` in `judge/probes.ts` turns into probes. */
export interface ProbeEntry {
  /** Absent: the probe is named for its pool. Always absent on a glob. */
  name?: string;
  pool: string;
  schedule: Schedule;
  /** Absent: the probe observes until it has earned thresholds from its own history. */
  thresholds?: Thresholds;
  /** `observe`: shown, measured, never alerted on. */
  mode: 'alert' | 'observe';
  /** How many claims in a row under `warnAfter` close an incident; at least 1. */
  resolveAfter: number;
  priority: Priority;
  /** `auto` asks worker-manager what the pool's workers run; an object is sent as it stands. */
  payload: 'auto' | PayloadKind | Record<string, unknown>;
  /** From the slot to the task's deadline, in milliseconds: max(6 h, 4 x pageAfter), at most 5 days. */
  deadline: number;
  alerts: Audiences;
  /** Address of the instructions for whoever is woken. */
  runbook?: string;
  /** Line of the entry in the probe file, for messages. */
  line: number;
}

/** An entry for one pool. */
export interface Probe extends ProbeEntry {
  name: string;
}

export interface Config {
  /** The probe file, as it was named on the command line. */
  file: string;
  deployment: string;
  rootUrl: string;
  store: StorePlace;
  /** How long single canaries are kept; their counts by the hour and the day stay longer. Milliseconds. */
  retain: number;
  slack?: { token: Secret; channel: string; apiUrl: string };
  pagerduty?: { routingKey: Secret; eventsUrl: string };
  webhooks: { name: string; url: Secret; secret: Secret }[];
  /** Who hears where no single probe is concerned. */
  alerts: Audiences;
  incidents: {
    /** How long a first notice waits for other pools that go bad with it. Milliseconds. */
    groupWait: number;
    /** From how many pools on those that go bad together may be one incident. */
    fleetAt: number;
    /** From one reminder to the next, doubling each time up to a day; absent: none. Milliseconds. */
    remindEvery?: number;
    /** How soon after its end an incident is reopened instead of opening another. Milliseconds. */
    reopenWithin: number;
  };
  silences: FileSilence[];
  maintenance: Maintenance[];
  /** Called after complete passes, at most so often. Milliseconds. */
  heartbeat?: { url: Secret; every: number };
  task: { schedulerId: string; owner: string; source: string };
  /** How long the queue may be out of reach before it is an incident; the page follows at twice that. Milliseconds. */
  unreachableAfter: number;
  probes: ProbeEntry[];
}
