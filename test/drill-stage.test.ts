import { describe, expect, test, vi } from 'vitest';
import type { Outcome } from '../src/drill/run.ts';
import { instantOf, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { played, smallDrill } from './support/drills.ts';

// Some play two or three drills.
vi.setConfig({ testTimeout: 120_000 });

const at = (time: string) => instantOf(`2021-10-08T${time}Z`);

/** When a kind of channel was first told something of a kind. */
function firstOf({ notices }: Outcome, via: string, what: string): number {
  return notices.find((notice) => notice.via === via && notice.what === what)?.at ?? Number.NaN;
}

async function befallen(faults: string, prober = ''): Promise<Outcome> {
  return played(smallDrill('', { faults, prober }));
}

describe('a drill', () => {
  test('is noticed, paged and resolved once, and held against the people', async () => {
    const { verdict, notices } = await befallen('');
    expect(verdict.pages).toBe(1);
    expect(verdict.falseAlarms).toEqual({ pages: 0, warnings: 0 });
    expect(verdict.prober.noticed).toBeGreaterThan(MINUTE);
    expect(verdict.prober.noticed).toBeLessThan(3 * MINUTE);
    expect(verdict.prober.paged).toBeGreaterThan(verdict.prober.noticed ?? 0);
    expect(verdict.prober.resolved).toBeGreaterThan(0);
    expect(verdict.people).toEqual({ noticed: 4 * MINUTE });
    expect(new Set(notices.map(({ incident }) => incident.anchor))).toEqual(new Set(['probe:gecko-3/decision']));
  });

  test('with teams tells each of its own pools, in its channel and by its key', async () => {
    const teams = smallDrill('', { expect: 'pages: 2' })
      .replace('- pool: gecko-3/decision', '- pool: gecko-3/decision\n      team: releng')
      .replace('- pool: gecko-t/linux', '- pool: gecko-t/linux\n      team: sheriffs')
      .replace('pools: [gecko-3/decision]', 'pools: [gecko-3/decision, gecko-t/linux]');
    const { notices } = await played(teams);
    const poolsAt = new Map<string, Set<string>>();
    for (const { to, incident } of notices) {
      const pool = incident.evidence.kind === 'pool' ? incident.evidence.pool : incident.evidence.kind;
      poolsAt.set(to, (poolsAt.get(to) ?? new Set()).add(pool));
    }
    const kinds = [...poolsAt].map(([to, pools]) => `${to.split(':')[0]} ${[...pools].join()}`).sort();
    expect(kinds).toEqual([
      'pagerduty gecko-3/decision',
      'pagerduty gecko-t/linux',
      'slack gecko-3/decision',
      'slack gecko-t/linux',
    ]);
  });

  test('plays the same twice, and otherwise with another seed', async () => {
    const [first, second, other] = [
      await befallen(''),
      await befallen(''),
      await played(smallDrill().replace('seed: 7', 'seed: 8')),
    ];
    expect(second.notices).toEqual(first.notices);
    expect(other.notices.map((notice) => notice.at)).not.toEqual(first.notices.map((notice) => notice.at));
  });

  test.each(['mode: cron', 'replicas: 2'])('pages once with %s', async (prober) => {
    const { verdict } = await befallen('', prober);
    expect(verdict.pages).toBe(1);
    expect(verdict.prober.resolved).toBeGreaterThan(0);
  });
});

describe('what befalls channels and the prober:', () => {
  test.each(['times-out', 'unreachable', 'fails'])('PagerDuty that %s hears of it later, Slack in time', async (how) => {
    const outcome = await befallen(
      `- { kind: channel-down, channels: [pagerduty], how: ${how}, from: 2021-10-08T23:00:00Z, until: 2021-10-08T23:05:00Z }`,
    );
    expect(firstOf(outcome, 'pagerduty', 'opened')).toBeGreaterThan(at('23:05:00'));
    expect(firstOf(outcome, 'slack', 'posted')).toBeLessThan(at('23:04:00'));
    expect(outcome.verdict.pages).toBe(1);
  });

  test('a channel that refuses for good is spoken of in the others', async () => {
    const outcome = await befallen(
      '- { kind: channel-down, channels: [pagerduty], how: refuses, from: 2021-10-08T23:00:00Z, until: 2021-10-08T23:10:00Z }',
    );
    expect(outcome.notices.map(({ incident }) => incident.cause)).toContain('channel-refused');
  });

  test('Retry-After is waited for', async () => {
    const outcome = await befallen(
      '- { kind: channel-limits, channels: [slack], retryAfter: 4m, from: 2021-10-08T23:02:00Z, until: 2021-10-08T23:03:30Z }',
    );
    expect(firstOf(outcome, 'slack', 'posted')).toBeGreaterThan(at('23:06:00'));
    expect(firstOf(outcome, 'pagerduty', 'opened')).toBeLessThan(at('23:05:00'));
  });

  test('a prober that is dead tells nobody, and the next one carries on', async () => {
    const outcome = await befallen('- { kind: prober-killed, from: 2021-10-08T23:01:30Z, until: 2021-10-08T23:04:30Z }');
    expect(firstOf(outcome, 'slack', 'posted')).toBeGreaterThan(at('23:04:30'));
    expect(firstOf(outcome, 'pagerduty', 'opened')).toBeLessThan(at('23:05:30'));
    expect(outcome.verdict.pages).toBe(1);
  });

  test.each(['before', 'after'])(
    'a prober that dies %s its first send is back with it at the end of the fault, once',
    async (point) => {
      const outcome = await befallen(
        `- { kind: prober-killed, effect: tell, point: ${point}, from: 2021-10-08T23:01:00Z, until: 2021-10-08T23:04:30Z }`,
      );
      const posts = outcome.notices.filter(({ via, what }) => via === 'slack' && what === 'posted');
      expect(posts.map(({ at: posted }) => posted > at('23:04:30'))).toEqual([point === 'before']);
      expect(outcome.verdict.pages).toBe(1);
    },
  );

  test('a second replica goes on where the first is dead', async () => {
    const dead = '- { kind: prober-killed, from: 2021-10-08T23:00:30Z, until: 2021-10-08T23:15:00Z }';
    const [alone, both] = [await befallen(dead), await befallen(dead, 'replicas: 2')];
    expect(alone.verdict.prober.paged ?? Number.POSITIVE_INFINITY).toBeGreaterThan(5 * MINUTE);
    expect(both.verdict.prober.paged).toBeLessThan(4 * MINUTE);
  });

  test('a prober without the CPU looks again first, and says nothing of what is over', async () => {
    const paused = await befallen('- { kind: prober-paused, from: 2021-10-08T23:00:30Z, until: 2021-10-08T23:12:00Z }');
    expect(paused.verdict.pages).toBe(0);
    const briefly = await befallen('- { kind: prober-paused, from: 2021-10-08T23:02:00Z, until: 2021-10-08T23:05:00Z }');
    expect(firstOf(briefly, 'slack', 'posted')).toBeGreaterThanOrEqual(at('23:05:00'));
  });

  test('a clock that is off is said, and ages stay right', async () => {
    const skewed = await befallen('- { kind: clock-skewed, ahead: 3m, from: 2021-10-08T22:55:00Z, until: 2021-10-08T23:25:00Z }');
    const right = await befallen('');
    expect(skewed.notices.map(({ incident }) => incident.cause)).toContain('clock-off');
    const pool = { ...skewed, notices: skewed.notices.filter(({ incident }) => incident.anchor.startsWith('probe:')) };
    const apart = Math.abs(firstOf(pool, 'slack', 'posted') - firstOf(right, 'slack', 'posted'));
    expect(apart).toBeLessThan(90 * SECOND);
  });
});

test("a silence among a drill's own settings is told of by its file and line", async () => {
  const match = 'match: gecko-3/decision';
  const text = smallDrill('', {
    prober: `silences:\n  - { ${match}, from: 2021-10-08T23:03:30Z, until: 2021-10-08T23:15:00Z, reason: seen }`,
  });
  const line = text.split('\n').findIndex((one) => one.includes(match)) + 1;
  const { notices, config } = await played(text);
  const told = notices.flatMap(({ lines }) => lines).filter((one) => one.includes('Silenced'));
  expect(told.filter((one) => one.includes(`by ${config}:${line}:`))).not.toEqual([]);
});
