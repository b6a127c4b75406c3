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

/** How many of a probe's observations are to be claimed in time, in the long run. */
export interface Objective {
  /** Their share, above 0 and below 1. */
  target: number;
  /** The time to claim that is in time, in milliseconds. */
  under: number;
  /** The time over which it is to hold, in whole days. Milliseconds. */
  over: number;
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
  objective?: Objective;
  /** How many claims in a row under `warnAfter` close an incident; at least 1. */
  resolveAfter: number;
  priority: Priority;
  /** `auto` asks worker-manager what the pool's workers run; an object is sent as it stands. */
  payload: 'auto' | PayloadKind | Record<string, unknown>;
  /** From the slot to the task's deadline, in milliseconds: max(6 h, 4 x pageAfter), at most 5 days. */
  deadline: number;
  /** Page also where its pool merely has a queue: tasks are claimed, and the canary waits its turn. */
  pageOnBacklog: boolean;
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

/** The watch over the creation of workers, which needs no canary. */
export interface Provisioning {
  /** `observe`: pools are read and causes named, and nobody is told of what no canary shows. `off`: nothing is read but for suspects. */
  mode: 'alert' | 'observe' | 'off';
  /** How long no worker may come to be where some are wanted. Milliseconds. */
  silence: number;
  /** The pools watched for new workers, at most 12; empty: the busiest of each provider. */
  pools: string[];
}

export interface DashboardConfig {
  /** Id of a Slack channel. */
  channel: string;
  /** From one update to the next, in milliseconds. A change of what is wrong is shown sooner. */
  every: number;
  /** When the digest of the past week is posted; absent: never. */
  digest?: Schedule;
}

/** What a probe file says. Immutable: another configuration is another value. */
export interface Config {
  /** The probe file, as it was named on the command line. */
  file: string;
  deployment: string;
  rootUrl: string;
  store: StorePlace;
  /** How long single canaries are kept; their counts by the hour and the day stay longer. Milliseconds. */
  retain: number;
  slack?: { token: Secret; channel: string; apiUrl: string };
  /** The one message of the deployment that a Slack channel keeps in view. */
  dashboard?: DashboardConfig;
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
  provisioning: Provisioning;
  silences: FileSilence[];
  maintenance: Maintenance[];
  /** Called after complete passes, at most so often. Milliseconds. */
  heartbeat?: { url: Secret; every: number };
  task: { schedulerId: string; owner: string; source: string };
  /** How long the queue may be out of reach before it is an incident; the page follows at twice that. Milliseconds. */
  unreachableAfter: number;
  probes: ProbeEntry[];
}
