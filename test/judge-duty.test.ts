import { describe, expect, it } from 'vitest';
import { evolve } from '../src/evidence/evolve.ts';
import type { Fact } from '../src/evidence/fact.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { plan } from '../src/judge/plan.ts';
import { nextWake } from '../src/judge/wake.ts';
import { NAMES, Night, START } from './support/night.ts';

const MANY = Array.from({ length: 20 }, (_, i) => `gecko-3/p${i}`);

/** The lines that somebody is to notice, of all incidents there ever were. */
function loudOf(night: Night): string[] {
  const last = new Map(night.revisions().map((incident) => [incident.id, incident]));
  return [...last.values()].flatMap(({ timeline }) => timeline.flatMap(({ what, loud }) => (loud ? [what] : [])));
}

describe('whoever is on call', () => {
  it('is paged for a pool that dies days after the others, though some of them are still bad', () => {
    const night = new Night(MANY);
    for (const name of MANY) night.dead.add(name);
    night.until(START + 30 * MINUTE);
    for (const name of MANY.slice(3)) night.dead.delete(name);
    night.until(START + DAY, 2 * MINUTE);
    expect(night.paged).toHaveLength(1);
    night.dead.add('gecko-3/p9');
    night.until(START + DAY + HOUR, MINUTE);
    expect(night.paged).toHaveLength(2);
    expect(night.state.incidents.get('probe:gecko-3/p9')?.evidence.kind).toBe('pool');
  });

  it.each(['critical', 'error'] as const)(
    'hears of several pools with the worst severity of any (%s), also of one that gets worse later',
    (severity) => {
      const night = new Night(NAMES, {}, (name) =>
        name === 'gecko-3/f' ? { thresholds: { warnAfter: 6 * MINUTE, pageAfter: 20 * MINUTE } } : {},
      );
      night.addressees = (probe, level) => {
        if (level === 'warn') return [{ route: 'slack:C1', severity: 'warning' }];
        const worst = probe !== undefined && 'name' in probe && probe.name === 'gecko-3/f';
        return [{ route: 'pagerduty:k', severity: worst ? severity : 'info', ...(worst && { mention: '<!here>' }) }];
      };
      for (const name of NAMES) night.dead.add(name);
      night.until(START + 17 * MINUTE);
      expect(night.current()[0]?.addressed['pagerduty:k']).toEqual({ severity: 'info' });
      night.until(START + 40 * MINUTE);
      expect(night.current()).toHaveLength(1);
      expect(night.current()[0]?.addressed['pagerduty:k']).toEqual({ severity, mention: '<!here>' });
      expect(night.current()[0]?.timeline.at(-1)).toMatchObject({ what: 'escalated', loud: true });
    },
  );

  it('notices that the pool which the incident began with dies again, days later, while others are still bad', () => {
    const night = new Night(MANY);
    for (const name of MANY) night.dead.add(name);
    night.until(START + 30 * MINUTE);
    const host = night.current()[0]?.anchor.slice('probe:'.length) ?? '';
    const others = MANY.filter((name) => name !== host);
    for (const name of [host, ...others.slice(3)]) night.dead.delete(name);
    night.until(START + DAY, 2 * MINUTE);
    const before = loudOf(night).length;
    night.dead.add(host);
    night.until(START + DAY + HOUR, MINUTE);
    expect(night.current()).toHaveLength(1);
    expect(loudOf(night).slice(before)).toContain('joined');
  });

  it('hears nothing of several pools each of which is silenced', () => {
    const night = new Night(NAMES);
    for (const name of NAMES) night.dead.add(name);
    night.until(START + 8 * MINUTE);
    const before = loudOf(night);
    const silence = { id: 'a1b2c3', match: 'gecko-3/*', from: night.now, until: night.now + DAY, reason: 'work', by: 'jane' };
    night.state = evolve(night.state, [{ kind: 'silence', silence }]);
    night.until(START + HOUR);
    expect(night.current().every(({ addressed }) => Object.keys(addressed).length === 0)).toBe(true);
    expect(loudOf(night)).toEqual(before);
  });

  it('hears that a pool which came and went stays bad this time', () => {
    const night = new Night(['gecko-3/a'], {}, undefined, { incidents: { groupWait: 0, fleetAt: 3, reopenWithin: 30 * MINUTE } });
    for (let i = 0; i < 5; i++) {
      night.dead.add('gecko-3/a');
      night.until(night.now + 20 * MINUTE);
      night.dead.delete('gecko-3/a');
      night.until(night.now + 15 * MINUTE);
    }
    expect(night.current()[0]?.flappingSince).toBeDefined();
    night.dead.add('gecko-3/a');
    night.until(night.now + 2 * HOUR);
    expect(night.current()[0]?.timeline.at(-1)).toMatchObject({ what: 'changed', loud: true });
    expect(night.current()[0]?.timeline.at(-1)?.text).toMatch(/^this time it stays bad/);
    expect(night.current()[0]?.flappingSince).toBeUndefined();
  });

  it('hears once of a pool that stays slow, however long', () => {
    const night = new Night(['gecko-3/a']);
    night.slow.set('gecko-3/a', 8 * MINUTE);
    night.until(START + DAY);
    expect(loudOf(night)).toEqual(['opened']);
    expect(night.current()[0]?.timeline.length).toBeLessThan(5);
  });

  it('is paged in time by passes far apart, one of which could not look', () => {
    const night = new Night(['gecko-3/a']);
    night.dead.add('gecko-3/a');
    night.until(START + 6 * MINUTE);
    const failed: Fact = { kind: 'failed', ask: 'look', why: 'unreachable', detail: '502', at: night.now + 10 * MINUTE };
    night.judge([failed, { kind: 'pass', complete: true, at: failed.at }], failed.at);
    night.tick(night.now + 10 * MINUTE);
    expect(night.paged).toHaveLength(1);
  });
});

it.each(['refused', 'clock', 'missing', 'conflict'] as const)(
  'a queue that answers each look with %s is not asked without a pause',
  (why) => {
    const night = new Night(['gecko-3/a']);
    night.dead.add('gecko-3/a');
    night.until(START + 8 * MINUTE);
    let passes = 0;
    for (const end = night.now + 10 * MINUTE; night.now < end; passes++) {
      const { looks } = plan(night.config, night.state, night.now);
      const at = nextWake(night.config, night.state, night.now);
      const facts = looks.map((taskId): Fact => ({ kind: 'failed', ask: 'look', why, detail: why, taskId, at }));
      night.judge([...facts, { kind: 'pass', complete: true, at }], at);
    }
    expect(passes).toBeLessThanOrEqual((10 * MINUTE) / (2 * SECOND) + 1);
  },
);
