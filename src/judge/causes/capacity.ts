import type { Diagnosis } from '../../evidence/diagnosis.ts';
import type { CapacityEvidence, Incident, Level } from '../../evidence/incident.ts';
import { spoken } from '../../evidence/instant.ts';
import type { PoolRecord } from '../../evidence/pool.ts';
import type { Docket } from '../docket.ts';
import { open, resolve, revise } from '../incidents.ts';
import { membersOf } from '../members.ts';
import { evidenceAlone, openOwn } from '../own.ts';
import { judged } from './cause.ts';
import { figuresOf } from './figures.ts';
import { isStalled } from './provisioning.ts';
import { slownessOf, slownessOver } from './slow.ts';

type OfCapacity = Incident & { evidence: CapacityEvidence };

/** What is wrong with a pool's capacity although no canary shows it: far more of it than allowed, or workers that come far too slowly. */
export function followCapacity(docket: Docket): void {
  const standing = [...docket.incidents.values()].filter(isOfCapacity);
  if (docket.config.provisioning.mode !== 'alert') {
    for (const incident of standing) end(docket, incident, 'withdrawn', 'nobody is told of capacity any more');
    return;
  }
  if (docket.watch.trouble.look !== undefined) return;
  for (const incident of standing) follow(docket, incident);
  for (const record of docket.standouts.over) if (record.info !== undefined) watchExcess(docket, record);
  for (const [provider, records] of docket.basket) watchRate(docket, provider, records);
}

function isOfCapacity(incident: Incident): incident is OfCapacity {
  return incident.evidence.kind === 'capacity';
}

/** What is told of a pool already becomes a page by it. */
function watchExcess(docket: Docket, record: PoolRecord): void {
  if (isClaimedSince(docket, record)) return;
  const told = tellerOf(docket, record.pool);
  const diagnosis = told?.level === 'page' ? undefined : judged(record, docket.watch.fleetAt, docket.now);
  if (diagnosis?.cause !== 'over-provisioned') return;
  const at = docket.now;
  const text = excess(record);
  if (told === undefined) begin(docket, record, diagnosis, 'page', text);
  else if (told.evidence.kind === 'fleet')
    revise(docket, told, { level: 'page' }, { at, what: 'escalated', text, loud: true }, at);
  else {
    const change = { level: 'page' as const, cause: diagnosis.cause, evidence: { ...told.evidence, diagnosis } };
    revise(docket, told, change, { at, what: 'escalated', text, loud: true }, at);
  }
}

/** A canary of the pool has been claimed since somebody looked who is claimed there: what that look showed may be over. */
function isClaimedSince({ probes, states }: Docket, { pool, seen }: PoolRecord): boolean {
  const looked = Math.max(seen?.counts?.at ?? 0, seen?.claims?.at ?? 0);
  return probes.some((probe) => probe.pool === pool && (states.get(probe.name)?.lastClaim?.at ?? 0) > looked);
}

/** The incident that tells of a pool, if there is one. */
function tellerOf(docket: Docket, pool: string): Incident | undefined {
  return [...docket.incidents.values()].find(({ evidence }) => {
    if (evidence.kind === 'fleet') return evidence.members.some((member) => member.pool === pool);
    return 'pool' in evidence && evidence.pool === pool;
  });
}

/** Of one provider one pool is enough to tell, and nothing where something worse is told of it or of its pools. */
function watchRate(docket: Docket, provider: string, records: readonly PoolRecord[]): void {
  const stalled = [...docket.incidents.values()].some(
    (open) => isStalled(open) && open.evidence.stall.providers.includes(provider),
  );
  if (stalled || records.some(({ pool }) => tellerOf(docket, pool) !== undefined)) return;
  for (const record of records) {
    const diagnosis = slownessOf(record, docket.watch.fleetAt, docket.config.provisioning.silence, docket.now);
    if (diagnosis === undefined) continue;
    const { created = 0, usuallyCreated = 0 } = diagnosis.figures;
    const text = `${Math.round(created)} workers were created in the last hour, where ${Math.round(usuallyCreated)} are usual, and tasks wait`;
    begin(docket, record, diagnosis, 'warn', text);
    return;
  }
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
  const record = docket.pools.get(incident.evidence.pool);
  const over = record?.info === undefined ? 'worker-manager knows the pool no more' : endOf(docket, incident, record);
  if (over === undefined) hear(docket, incident);
  else end(docket, incident, 'resolved', `${over}, after ${spoken(docket.now - incident.since)}`);
}

function endOf(docket: Docket, { cause }: OfCapacity, record: PoolRecord): string | undefined {
  if (cause === 'provisioning-slow') return slownessOver(record, docket.watch.fleetAt, docket.now);
  const workforce = record.seen?.workforce;
  if (workforce !== undefined && workforce.over === undefined) return 'capacity is within bounds again';
  return figuresOf(record, docket.watch.fleetAt, docket.now).claims === 'move' ? 'its workers claim again' : undefined;
}

function end(docket: Docket, incident: OfCapacity, how: 'resolved' | 'withdrawn', text: string): void {
  const at = docket.now;
  if (how === 'withdrawn') revise(docket, incident, { ended: at, end: how }, { at, what: how, text, loud: true });
  else resolve(docket, incident, at, { at, what: how, text, loud: true });
  if (!docket.incidents.has(incident.anchor)) tellOfCanaries(docket, incident.evidence.pool);
}

/** Its canaries are told of with it, to their own people too; one past its page is a page, whatever the capacity alone is worth. */
function hear(docket: Docket, { anchor, evidence: { pool } }: OfCapacity): void {
  for (const { probe, what, at, text, crossed } of docket.turns) {
    const incident = docket.incidents.get(anchor);
    if (probe.pool !== pool || (what !== 'began' && what !== 'escalated') || incident === undefined) continue;
    const level = docket.states.get(probe.name)?.breach?.level === 'page' ? 'page' : incident.level;
    const rises = level !== incident.level;
    revise(docket, incident, { level }, { at, what: rises ? 'escalated' : 'changed', text, loud: rises }, crossed);
  }
}

/** What was told with it is told by itself from now on, where it goes on. */
function tellOfCanaries(docket: Docket, pool: string): void {
  const names = docket.probes.filter((probe) => probe.pool === pool).map(({ name }) => name);
  for (const member of membersOf(docket, names)) {
    const probe = docket.probe(member.probe);
    const evidence = evidenceAlone(docket, member);
    if (probe === undefined || evidence === undefined || docket.incidents.has(`probe:${member.probe}`)) continue;
    const limit = member.level === 'page' ? evidence.pageAfter : evidence.warnAfter;
    const wait = `canary ${member.claimed ? 'claimed after' : 'unclaimed for'} ${spoken(member.age)}`;
    const text = `${wait}, past the ${spoken(limit)} after which to ${member.level}`;
    openOwn(docket, { probe, at: docket.now, text, crossed: docket.now, evidence });
  }
}
