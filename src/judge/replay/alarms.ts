import { type Incident, LEVELS, type Level } from '../../evidence/incident.ts';
import type { Revised } from './replay.ts';

/** One time that somebody was told of an incident, from its opening or reopening to its end. */
export interface Alarm {
  incident: Incident;
  /** Every pool that was ever told in it, in the order in which they came. */
  pools: string[];
  /** When each level was told: once the wait for pools that go bad together was over. */
  told: Partial<Record<Level, number>>;
  ended?: number;
}

interface Standing extends Alarm {
  /** When each level is to be told, where nothing comes between. */
  due: Partial<Record<Level, number>>;
}

/** Makes of the revisions of probes' incidents what people would have been told: nobody hears of what is silenced, or over before it was due. */
export class Alarms {
  readonly #all: Standing[] = [];
  readonly #standing = new Map<string, Standing>();

  hear({ at, incident, hold }: Revised): void {
    this.#settle(at);
    if (!incident.anchor.startsWith('probe:')) return;
    const standing = this.#standing.get(incident.id) ?? { incident, pools: [], told: {}, due: {} };
    standing.incident = incident;
    standing.pools = [...new Set([...standing.pools, ...poolsOf(incident)])];
    if (incident.ended !== undefined) {
      if (!this.#standing.delete(incident.id)) return;
      standing.due = {};
      standing.ended = incident.ended;
      return;
    }
    if (!this.#standing.has(incident.id)) this.#all.push(standing);
    this.#standing.set(incident.id, standing);
    if (incident.silenced !== undefined) standing.due = {};
    else if (standing.told[incident.level] === undefined) standing.due[incident.level] ??= hold ?? at;
  }

  /** Those that somebody was told of up to `until`, in the order in which they began. */
  until(until: number): Alarm[] {
    this.#settle(until);
    return this.#all
      .filter(({ told }) => told.warn !== undefined || told.page !== undefined)
      .map(({ due: _done, ...alarm }) => alarm);
  }

  #settle(now: number): void {
    for (const standing of this.#standing.values()) {
      for (const level of LEVELS) {
        const due = standing.due[level];
        if (due === undefined || due > now) continue;
        delete standing.due[level];
        standing.told[level] = due;
      }
    }
  }
}

/** The pools that an incident names. */
export function poolsOf({ evidence }: Incident): string[] {
  if (evidence.kind === 'ask') return [];
  if (evidence.kind === 'budget') return evidence.burning.map(({ pool }) => pool);
  return evidence.kind === 'fleet' ? evidence.members.map(({ pool }) => pool) : [evidence.pool];
}
