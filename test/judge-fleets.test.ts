import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { ADDRESSES } from './support/judging.ts';
import { NAMES, Night, START } from './support/night.ts';

/** Worker-manager tells of these pools and no others. */
function list(night: Night, names: readonly string[]): void {
  const infos = names.map((pool) => ({ pool, provider: 'gcp', currentCapacity: 0, requestedCapacity: 0, launchConfigs: 1 }));
  night.judge([{ kind: 'read', request: { what: 'pools' }, reading: { what: 'pools', infos }, at: night.now }], night.now);
}

describe('pools that go bad together', () => {
  it('are one incident, which pages once and resolves once', () => {
    const night = new Night(NAMES);
    night.until(START + 10 * MINUTE);
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 40 * MINUTE);
    const [fleet, ...more] = night.current();
    expect(more).toEqual([]);
    expect(fleet?.level).toBe('page');
    expect(fleet?.evidence.kind === 'fleet' && fleet.evidence.members.map(({ probe }) => probe).sort()).toEqual(NAMES);
    expect(night.paged).toEqual([fleet?.id]);
    night.dead.clear();
    night.until(START + 60 * MINUTE);
    expect(night.current()).toEqual([]);
    expect(night.revisions().filter(({ id, end }) => id === fleet?.id && end === 'resolved')).toHaveLength(1);
    expect(night.paged).toEqual([fleet?.id]);
  });

  it('say nothing of a pool that is merely not yet late', () => {
    const night = new Night(NAMES, {}, (name) =>
      name < 'gecko-3/d' ? {} : { thresholds: { warnAfter: 2 * HOUR, pageAfter: 4 * HOUR } },
    );
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 30 * MINUTE);
    expect(night.current()).toHaveLength(1);
    expect(night.current()[0]?.evidence).toMatchObject({ kind: 'fleet', witnesses: 3 });
  });

  it('stay apart where most others are well', () => {
    const night = new Night([...NAMES, 'gecko-3/g', 'gecko-3/h']);
    night.until(START + 10 * MINUTE);
    for (const name of NAMES.slice(0, 3)) night.dead.add(name);
    night.until(START + 40 * MINUTE);
    expect(night.current().map(({ evidence }) => evidence.kind)).toEqual(['pool', 'pool', 'pool']);
  });

  it('are one where they are all of one provider, whatever the others do', () => {
    const night = new Night([...NAMES, 'gecko-3/g', 'gecko-3/h']);
    const aws = NAMES.slice(0, 3);
    const infos = [...NAMES, 'gecko-3/g', 'gecko-3/h'].map((pool) => ({
      pool,
      provider: aws.includes(pool) ? 'aws' : 'gcp',
      currentCapacity: 0,
      requestedCapacity: 0,
      launchConfigs: 1,
    }));
    night.judge([{ kind: 'read', request: { what: 'pools' }, reading: { what: 'pools', infos }, at: START }], START);
    night.until(START + 10 * MINUTE);
    for (const name of aws) night.dead.add(name);
    night.until(START + 40 * MINUTE);
    expect(night.current()).toHaveLength(1);
    expect(night.current()[0]?.evidence).toMatchObject({ kind: 'fleet', provider: 'aws', common: ['provider aws'] });
  });

  it('leave out a pool that was bad long before', () => {
    const night = new Night(NAMES);
    night.dead.add('gecko-3/a');
    night.until(START + 3 * HOUR);
    const first = night.current()[0];
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 4 * HOUR);
    expect(night.current()).toHaveLength(2);
    expect(night.state.incidents.get('probe:gecko-3/a')).toMatchObject({ id: first?.id, evidence: { kind: 'pool' } });
    expect(night.current().find(({ evidence }) => evidence.kind === 'fleet')?.evidence).toMatchObject({ witnesses: 5 });
  });

  it('let one that stays bad after the others become its own again, once it is late by itself', () => {
    const night = new Night(NAMES);
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 30 * MINUTE);
    const fleet = night.current()[0];
    const host = fleet?.anchor.slice('probe:'.length);
    const left = NAMES.find((name) => name !== host) ?? '';
    for (const name of NAMES) if (name !== left) night.dead.delete(name);
    night.until(START + 34 * MINUTE);
    expect(night.current().map(({ id }) => id)).toEqual([fleet?.id]);
    night.until(START + 60 * MINUTE);
    expect(night.current().map(({ anchor, level, evidence }) => [anchor, level, evidence.kind])).toEqual([
      [`probe:${left}`, 'page', 'pool'],
    ]);
    expect(night.paged).toHaveLength(2);
  });

  it('say of one that worker-manager no longer knows that it is watched no more, and not that it recovered', () => {
    const night = new Night(NAMES);
    list(night, NAMES);
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 30 * MINUTE);
    const id = night.current()[0]?.id;
    list(night, NAMES.slice(1));
    for (const name of NAMES.slice(2)) night.dead.delete(name);
    night.until(START + 33 * MINUTE);
    expect(night.state.incidents.get(night.current()[0]?.anchor ?? 'pool:')?.evidence).toMatchObject({
      recovered: 4,
      unwatched: 1,
    });
    night.dead.clear();
    night.until(START + 60 * MINUTE);
    const [end] = night.revisions().filter((each) => each.id === id && each.ended !== undefined);
    expect(end).toMatchObject({ end: 'resolved', evidence: { recovered: 5, unwatched: 1 } });
    expect(end?.timeline.at(-1)?.text).toMatch(/claimed in time in 5 pools; 1 pool is watched no more$/);
    const recovered = end?.timeline.filter(({ what }) => what === 'left') ?? [];
    expect(recovered.map(({ text }) => text).join()).not.toContain(NAMES[0]);
  });

  it('are withdrawn where worker-manager knows none of them any more', () => {
    const night = new Night(NAMES);
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 30 * MINUTE);
    const id = night.current()[0]?.id;
    for (const known of [[...NAMES, 'gecko-3/other'], ['gecko-3/other']]) list(night, known);
    night.until(START + 32 * MINUTE);
    const [end] = night.revisions().filter((each) => each.id === id && each.ended !== undefined);
    expect(end).toMatchObject({ end: 'withdrawn', evidence: { recovered: 0, unwatched: 6 } });
  });

  it('have the same name whether they were watched all the time or are all found at once', () => {
    const hosts = [30 * SECOND, 20 * MINUTE].map((step) => {
      // The first to be late is the last to be past its page.
      const night = new Night(NAMES, { thresholds: { warnAfter: 8 * MINUTE, pageAfter: 14 * MINUTE } }, (name) =>
        name === 'gecko-3/c' ? { thresholds: { warnAfter: 4 * MINUTE, pageAfter: 18 * MINUTE } } : {},
      );
      night.until(START + 10 * MINUTE);
      for (const name of NAMES) night.dead.add(name);
      night.until(START + 15 * MINUTE);
      night.until(START + 40 * MINUTE, step);
      expect(night.paged).toHaveLength(1);
      return night.paged[0];
    });
    expect(hosts).toEqual([expect.stringContaining('probe:gecko-3/c/'), hosts[0]]);
  });

  it('stay the incident of the pool that it began with, where that one stays bad', () => {
    const night = new Night(NAMES);
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 30 * MINUTE);
    const fleet = night.current()[0];
    const host = fleet?.anchor.slice('probe:'.length) ?? '';
    for (const name of NAMES) if (name !== host) night.dead.delete(name);
    night.until(START + 60 * MINUTE);
    expect(night.current().map(({ id, evidence }) => [id, evidence.kind])).toEqual([[fleet?.id, 'pool']]);
    expect(night.paged).toEqual([fleet?.id]);
  });

  it('of two teams are told to each as one, which stays one until its last pool is well', () => {
    const other = { route: 'pagerduty:other', severity: 'critical' } as const;
    const night = new Night(NAMES);
    const theirs = new Set(NAMES.slice(0, 2));
    night.addressees = (probe, level) =>
      level === 'page' && probe !== undefined && 'name' in probe && theirs.has(String(probe.name)) ? [other] : ADDRESSES[level];
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 30 * MINUTE);
    expect(night.current().map(({ evidence }) => evidence.kind)).toEqual(['fleet', 'fleet']);
    expect(night.paged).toHaveLength(2);
    // One of two recovers while the others are bad, comes back, and recovers again.
    for (let i = 0; i < 4; i++) {
      night.dead.delete('gecko-3/a');
      night.until(night.now + 15 * MINUTE);
      night.dead.add('gecko-3/a');
      night.until(night.now + 15 * MINUTE);
    }
    expect(night.current()).toHaveLength(2);
    expect(night.paged).toHaveLength(2);
    night.dead.clear();
    night.until(night.now + 20 * MINUTE);
    expect(night.current()).toEqual([]);
    expect(night.paged).toHaveLength(2);
  });

  it('go on in a page that somebody has heard of, and not in an older one that was silenced', () => {
    const [silenced = '', ...others] = NAMES.slice(0, 3);
    const silence = { match: silenced, from: START, until: START + 35 * MINUTE, reason: 'rebuilt', line: 1 };
    const night = new Night(NAMES, {}, undefined, { silences: [silence] });
    night.dead.add(silenced);
    night.until(START + 10 * MINUTE);
    for (const name of others) night.dead.add(name);
    night.until(START + 34 * MINUTE);
    const told = night.current().filter((incident) => incident.silenced === undefined);
    expect(told.map(({ evidence, level }) => [evidence.kind, level])).toEqual([
      ['pool', 'page'],
      ['pool', 'page'],
    ]);
    night.until(START + 50 * MINUTE);
    const [fleet, ...more] = night.current();
    expect(more).toEqual([]);
    expect(fleet?.evidence.kind === 'fleet' && fleet.evidence.members.map(({ probe }) => probe).sort()).toEqual(
      NAMES.slice(0, 3),
    );
    expect(told.map(({ id }) => id)).toContain(fleet?.id);
  });

  it('grow without a new page', () => {
    const night = new Night(NAMES);
    for (const name of NAMES.slice(0, 4)) night.dead.add(name);
    night.until(START + 30 * MINUTE);
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 60 * MINUTE);
    expect(night.current()).toHaveLength(1);
    expect(night.current()[0]?.evidence).toMatchObject({ kind: 'fleet', members: { length: 6 } });
    expect(night.paged).toHaveLength(1);
    expect(night.current()[0]?.timeline.map(({ what }) => what)).toContain('joined');
    // Those who come one after the other are told of together.
    const rolls = night.current()[0]?.timeline.filter(({ what }) => ['promoted', 'joined', 'left'].includes(what)) ?? [];
    for (const [i, roll] of rolls.entries()) expect(roll.at - (rolls[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(MINUTE);
  });
});
