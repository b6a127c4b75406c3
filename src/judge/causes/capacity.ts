import type { Diagnosis } from '../../evidence/diagnosis.ts';
import type { CapacityEvidence, Incident, Level } from '../../evidence/incident.ts';
import { spoken } from '../../evidence/instant.ts';
import type { PoolRecord } from '../../evidence/pool.ts';
import type { Docket } from '../docket.ts';
import { open, resolve, revise } from '../incidents.ts';
import { SEEN_FRESH } from '../limits.ts';
import { openOwn } from '../own.ts';
import { judged } from './cause.ts';
import { figuresOf } from './figures.ts';

type OfCapacity = Incident & { evidence: CapacityEvidence };

/** A creation rate under this share of the hour's usual is too low, and over the other one it is mended; of few an hour nobody can tell. */
const SLOW = 0.25;
const MENDED = 0.5;
const USUALLY_AT_LEAST = 12;

/** What is wrong with a pool's capacity although no canary shows it: far more of it than allowed, or workers that come far too slowly. */
export function followCapacity(docket: Docket): void {
  if (docket.watch.trouble.look !== undefined || docket.config.provisioning.mode !== 'alert') return;
  for (const incident of docket.incidents.values()) if (isOfCapacity(incident)) follow(docket, incident);
  for (const record of docket.pools.values()) {
    if ((record.seen?.workforce?.over ?? 0) > 0 && !isTold(docket, record.pool)) {
      const diagnosis = judged(record, docket.now);
      if (diagnosis.cause === 'over-provisioned') begin(docket, record, diagnosis, 'page', excess(record));
    }
  }
  for (const records of docket.basket.values()) watchRate(docket, records);
}

function isOfCapacity(incident: Incident): incident is OfCapacity {
  return incident.evidence.kind === 'capacity';
}

/** Whether some incident tells of the pool already. */
function isTold(docket: Docket, pool: string): boolean {
  return [...docket.incidents.values()].some(({ evidence }) => {
    if (evidence.kind === 'fleet') return evidence.members.some((member) => member.pool === pool);
    return evidence.kind !== 'ask' && evidence.pool === pool;
  });
}

/** Of one provider one pool is enough to tell, and nothing where something worse is told of its pools. */
function watchRate(docket: Docket, records: readonly PoolRecord[]): void {
  if (
    records.some(({ pool }) => isTold(docket, pool)) ||
    [...docket.incidents.keys()].some((anchor) => anchor.startsWith('provider:'))
  )
    return;
  for (const record of records) {
    const diagnosis = slowness(docket, record, SLOW);
    if (diagnosis === undefined) continue;
    const { created = 0, usuallyCreated = 0 } = diagnosis.figures;
    begin(
      docket,
      record,
      diagnosis,
      'warn',
      `${created} workers were created in the last hour, where ${Math.round(usuallyCreated)} are usual, and tasks wait`,
    );
    return;
  }
}

/** Unmet demand throughout, and workers that come at less than so much of the usual rate. */
function slowness(docket: Docket, record: PoolRecord, share: number): Diagnosis | undefined {
  const { now, config } = docket;
  const unmet = record.seen?.unmet;
  if (unmet === undefined || unmet.own || now - unmet.at > SEEN_FRESH || unmet.at - unmet.since < config.provisioning.silence)
    return undefined;
  const figures = figuresOf(record, now);
  const { created, usuallyCreated } = figures;
  if (created === undefined || usuallyCreated === undefined || usuallyCreated < USUALLY_AT_LEAST) return undefined;
  return created < share * usuallyCreated ? { cause: 'provisioning-slow', confidence: 'sure', figures } : undefined;
}

function excess({ info, seen }: PoolRecord): string {
  const existing = (seen?.workforce?.requested.capacity ?? 0) + (seen?.workforce?.running.capacity ?? 0);
  return `capacity ${existing} where ${info?.maxCapacity ?? 0} is the maximum, and nothing is claimed`;
}

function begin(docket: Docket, { pool }: PoolRecord, diagnosis: Diagnosis, level: Level, text: string): void {
  const at = docket.now;
  open(docket, {
    anchor: `pool:${pool}`,
    class: 'pool',
    cause: diagnosis.cause,
    level,
    since: at,
    slot: at,
    at,
    crossed: at,
    evidence: { kind: 'capacity', pool, since: at, diagnosis },
    text,
  });
}

function follow(docket: Docket, incident: OfCapacity): void {
  const { pool } = incident.evidence;
  const record = docket.pools.get(pool);
  const ended = record?.info === undefined ? 'worker-manager knows the pool no more' : endOf(docket, incident, record);
  const at = docket.now;
  if (ended !== undefined) {
    resolve(docket, incident, at, { at, what: 'resolved', text: `${ended}, after ${spoken(at - incident.since)}`, loud: true });
    if (!docket.incidents.has(incident.anchor)) tellOfCanaries(docket, pool);
    return;
  }
  escalate(docket, incident);
}

function endOf(docket: Docket, { cause }: OfCapacity, record: PoolRecord): string | undefined {
  if (cause === 'provisioning-slow') {
    if (record.seen?.unmet === undefined) return 'no task wants a worker any more';
    return slowness(docket, record, MENDED) === undefined && (figuresOf(record, docket.now).created ?? 0) > 0
      ? 'workers come as usual again'
      : undefined;
  }
  if (record.seen?.workforce?.over === undefined) return 'capacity is within bounds again';
  return figuresOf(record, docket.now).claims === 'move' ? 'its workers claim again' : undefined;
}

/** A canary past its page is one, whatever the capacity alone is worth. */
function escalate(docket: Docket, incident: OfCapacity): void {
  const { pool } = incident.evidence;
  const late = docket.turns.find(({ probe, what }) => probe.pool === pool && (what === 'escalated' || what === 'began'));
  if (late === undefined) return;
  const { at, text, crossed } = late;
  const level = docket.states.get(late.probe.name)?.breach?.level === 'page' ? 'page' : incident.level;
  revise(
    docket,
    incident,
    { level },
    { at, what: level === incident.level ? 'changed' : 'escalated', text, loud: level !== incident.level },
    crossed,
  );
}

/** What was told with it is told by itself from now on, where it goes on. */
function tellOfCanaries(docket: Docket, pool: string): void {
  for (const probe of docket.probes) {
    const state = docket.states.get(probe.name);
    if (probe.pool !== pool || state?.breach === undefined || docket.incidents.has(`probe:${probe.name}`)) continue;
    const { taskId, since, age, claimed, level } = state.breach;
    const thresholds = probe.thresholds ?? state.earned;
    if (thresholds === undefined) continue;
    const evidence = {
      kind: 'pool' as const,
      probe: probe.name,
      pool,
      taskId,
      since,
      age,
      claimed,
      ...thresholds,
      good: state.good,
      resolveAfter: probe.resolveAfter,
    };
    const text = `canary ${claimed ? 'claimed after' : 'unclaimed for'} ${spoken(age)}, past the ${spoken(level === 'page' ? thresholds.pageAfter : thresholds.warnAfter)} after which to ${level}`;
    openOwn(docket, { probe, at: docket.now, text, crossed: docket.now, evidence });
  }
}
