import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../src/drill/virtual-time.ts';
import type { Undelivered } from '../src/evidence/delivery.ts';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Coverage } from '../src/health/coverage.ts';
import { type Findings, Health } from '../src/health/health.ts';
import { DAY_ZERO } from './support/values.ts';

const covered: Coverage = { probes: 4, submitted: 1, failed: 0, pending: 1, slow: 0, stuck: 0, unknown: 0, calls: 7, took: 400 };
const storeError = Object.assign(new Error('no room to write canary.db: free some disk space'), { name: 'StoreError' });

function watched() {
  const time = new VirtualTime(DAY_ZERO);
  const health = new Health(time.clock());
  const wait = (ms: number) => {
    time.now += ms;
  };
  const pass = (complete = true) => health.passed({ complete, covered });
  return { time, health, wait, pass };
}

const failing = ({ checks }: Findings) => checks.filter(({ ok }) => !ok).map(({ name }) => name);
const owed = (over: Partial<Undelivered>): Undelivered => ({
  route: 'pagerduty:0123456789ab',
  incident: 'test/probe:gecko-3/decision/2021-10-08T00:00:00Z',
  refused: false,
  why: 'no answer',
  level: 'page',
  since: DAY_ZERO,
  ...over,
});

describe('liveness', () => {
  it('is good whatever happens outside', () => {
    const { health, wait } = watched();
    health.failed(storeError);
    health.channels([owed({ refused: true })]);
    wait(HOUR);
    expect(health.liveness().ok).toBe(true);
  });
});

describe('readiness', () => {
  it('comes with the first pass, complete or not', () => {
    const { health, pass } = watched();
    expect(failing(health.readiness())).toEqual(['first-pass']);
    pass(false);
    expect(health.readiness().ok).toBe(true);
  });

  it('goes while the store fails, and outlives complete passes that stay away', () => {
    const { health, wait, pass } = watched();
    pass();
    wait(HOUR);
    expect(health.readiness().ok).toBe(true);
    health.failed(storeError);
    expect(failing(health.readiness())).toEqual(['store']);
    pass(false);
    expect(health.readiness().ok).toBe(true);
  });
});

describe('health', () => {
  it('needs a complete pass of the last two minutes', () => {
    const { health, wait, pass } = watched();
    expect(failing(health.health())).toEqual(['complete-pass']);
    pass(false);
    expect(failing(health.health())).toEqual(['complete-pass']);
    pass();
    wait(2 * MINUTE);
    expect(health.health().ok).toBe(true);
    wait(1);
    expect(failing(health.health())).toEqual(['complete-pass']);
  });

  it('is not upheld by passes that are incomplete', () => {
    const { health, wait, pass } = watched();
    pass();
    for (let i = 0; i < 3; i++) {
      wait(MINUTE);
      pass(false);
    }
    expect(failing(health.health())).toEqual(['complete-pass']);
  });

  it('goes by the usual distance of passes where that is longer, up to five minutes', () => {
    const { health, wait, pass } = watched();
    const passes = (distance: number) => {
      for (let i = 0; i < 6; i++) {
        wait(distance);
        pass();
      }
    };
    passes(90 * SECOND);
    wait(3 * MINUTE);
    expect(health.health().ok).toBe(true);
    wait(1);
    expect(health.health().ok).toBe(false);
    passes(HOUR);
    wait(10 * MINUTE);
    expect(health.health().ok).toBe(true);
    wait(1);
    expect(health.health().ok).toBe(false);
  });

  it('is not lulled by a machine that once slept for hours', () => {
    const { health, wait, pass } = watched();
    for (const distance of [MINUTE, MINUTE, MINUTE, 8 * HOUR, MINUTE]) {
      wait(distance);
      pass();
    }
    wait(2 * MINUTE + 1);
    expect(health.health().ok).toBe(false);
  });

  it('goes while a channel refuses for good, and names it', () => {
    const { health, pass } = watched();
    pass();
    health.channels([owed({ route: 'slack:C1', refused: true, level: 'warn', why: 'invalid_auth: set slack.token' })]);
    expect(failing(health.health())).toEqual(['channels']);
    expect(JSON.stringify(health.health())).toContain('slack:C1: invalid_auth: set slack.token');
    health.channels([]);
    expect(health.health().ok).toBe(true);
  });

  it('goes while a page, and not a warning, is owed for five minutes', () => {
    const { time, health, wait, pass } = watched();
    health.channels([owed({ since: time.now }), owed({ since: time.now - HOUR, level: 'warn' })]);
    wait(5 * MINUTE - 1);
    pass();
    expect(health.health().ok).toBe(true);
    wait(1);
    expect(failing(health.health())).toEqual(['pages']);
  });

  it('goes while the store fails, and says since when and why', () => {
    const { health, wait, pass } = watched();
    pass();
    health.failed(storeError);
    wait(30 * SECOND);
    health.failed(storeError);
    expect(failing(health.health())).toEqual(['store']);
    expect(JSON.stringify(health.health())).toContain('failed for 30s: no room to write canary.db');
    pass();
    expect(health.health().ok).toBe(true);
  });
});

describe('the watch over new workers', () => {
  it('is named with the missing scope while it is blind, and fails nothing: canaries are watched all the same', () => {
    const { health, pass } = watched();
    const blind = { providers: ['gcp'], overall: false, why: ['missing scopes: worker-manager:list-workers:*'] };
    health.passed({ complete: true, covered: { ...covered, blind } });
    const { ok, checks } = health.health();
    expect(ok).toBe(true);
    expect(checks).toContainEqual({
      name: 'provisioning-watch',
      ok: true,
      detail: 'the watch over new workers is blind at gcp: missing scopes: worker-manager:list-workers:*',
    });
    pass();
    expect(health.health().checks.map(({ name }) => name)).not.toContain('provisioning-watch');
  });
});
