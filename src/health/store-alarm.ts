import type { RouteId } from '../evidence/delivery.ts';
import type { Address, AskEvidence, Entry, Incident, Level } from '../evidence/incident.ts';
import { MINUTE, spoken } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import { incidentId } from '../judge/incident-id.ts';
import { gist } from '../notify/text.ts';
import type { Ports } from '../ports.ts';
import { keepTold, Matter } from './keep-told.ts';

/** As long as the queue may be silent by default: a full disk is often cleared sooner, and nothing is lost meanwhile. */
const WARN_AFTER = 5 * MINUTE;
/** By then nobody has watched the pools for long, and a page of theirs could not be stored. */
const PAGE_AFTER = 2 * WARN_AFTER;
/** Failures further apart than a long pass are no unbroken row: a machine that slept tries again first. */
const UNBROKEN = 2 * MINUTE;

interface Row {
  since: number;
  last: number;
}

/**
 * Tells the channels, past the store, that the store fails passes. Such an incident cannot be committed, so it lives in memory and ends
 * with the process: one that is stopped in the middle of it leaves it open in the channels.
 */
export class StoreAlarm {
  readonly #ports: Pick<Ports, 'clock' | 'channels' | 'log'>;
  readonly #config: Pick<Config, 'deployment' | 'rootUrl'>;
  readonly #addressees: (level: Level) => Address[];
  readonly #stop: AbortSignal;
  #row: Row | undefined;
  #open: { matter: Matter; told: Set<RouteId> } | undefined;

  /** What is being told when `stop` is aborted is waited for by nobody. */
  constructor(
    ports: Pick<Ports, 'clock' | 'channels' | 'log'>,
    config: Pick<Config, 'deployment' | 'rootUrl'>,
    addressees: (level: Level) => Address[],
    stop: AbortSignal,
  ) {
    this.#ports = ports;
    this.#config = config;
    this.#addressees = addressees;
    this.#stop = stop;
  }

  /** The store has failed a pass. Returns at once; whatever is to be told of it is told beside the passes. */
  failed(error: unknown): void {
    const at = this.#ports.clock.now();
    const row = this.#rowAt(at);
    const lasted = at - row.since;
    if (lasted < WARN_AFTER) return;
    const level = lasted < PAGE_AFTER ? 'warn' : 'page';
    const before = this.#open?.matter.incident;
    if (before !== undefined && (before.level === level || level === 'warn')) return;
    const detail = gist(error);
    const evidence: AskEvidence = { kind: 'ask', since: row.since, detail, probes: [] };
    const crossed = { ...before?.crossed, [level]: row.since + (level === 'warn' ? WARN_AFTER : PAGE_AFTER) };
    const addressed = Object.fromEntries(this.#addressees(level).map(({ route, ...manner }) => [route, manner]));
    const change = { level, evidence, crossed, addressed } as const;
    const text = `no pass could be stored for ${spoken(lasted)}: ${detail}`;
    if (before === undefined) this.#tell({ ...this.#anew(row.since, at), ...change }, { at, what: 'opened', text, loud: true });
    else this.#tell({ ...before, ...change }, { at, what: 'escalated', text, loud: true });
  }

  /** A pass was stored. */
  worked(): void {
    const at = this.#ports.clock.now();
    const incident = this.#open?.matter.incident;
    this.#row = undefined;
    if (incident === undefined) return;
    const text = `passes are stored again after ${spoken(at - incident.since)}`;
    this.#tell({ ...incident, ended: at, end: 'resolved' }, { at, what: 'resolved', text, loud: true });
    this.#open = undefined;
  }

  /** The row of failures that goes on at this instant, or begins. */
  #rowAt(at: number): Row {
    const row = this.#row;
    const goesOn = row !== undefined && (this.#open !== undefined || at - row.last <= UNBROKEN);
    this.#row = { since: goesOn ? row.since : at, last: at };
    return this.#row;
  }

  #anew(since: number, opened: number): Omit<Incident, 'level' | 'evidence' | 'crossed' | 'addressed'> {
    const what = { anchor: 'ask:store-failing', class: 'cannot-ask', cause: 'store-failing' } as const;
    const id = incidentId(this.#config.deployment, what.anchor, since);
    return { id, ...what, since, opened, revision: 0, timeline: [] };
  }

  /** Makes it the incident's next revision. Those it addresses now hear of it, and those who have heard of it before. */
  #tell(incident: Incident, entry: Entry): void {
    const next = { ...incident, revision: incident.revision + 1, timeline: [...incident.timeline, entry] };
    const { clock, log, channels } = this.#ports;
    const { deployment, rootUrl } = this.#config;
    log[next.ended === undefined ? 'warn' : 'info']({ incident: next.id }, `incident ${entry.what}: ${entry.text}`);
    if (this.#open === undefined) this.#open = { matter: new Matter(next), told: new Set() };
    else this.#open.matter.put(next);
    const { matter, told } = this.#open;
    for (const route of Object.keys(next.addressed) as RouteId[]) {
      const channel = channels.get(route);
      if (channel === undefined || told.has(route)) continue;
      told.add(route);
      void keepTold(matter, [route, channel], { clock, log, deployment, rootUrl }, this.#stop);
    }
  }
}
