import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ConfigError } from '../src/config/error.ts';
import { loadDrill } from '../src/drill/load.ts';
import { printScenario } from '../src/drill/print.ts';
import type { Fault, PoolGroup, Scenario } from '../src/drill/scenario.ts';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { fileWith, like } from './config-files.ts';
import { smallDrill } from './support/drills.ts';
import { DAY_ZERO } from './support/values.ts';

const OUTAGES = new URL('../probes/outages/', import.meta.url).pathname;
const shipped = readdirSync(OUTAGES).filter((name) => name.endsWith('.yml'));

async function said(text: string): Promise<string[]> {
  try {
    await loadDrill(fileWith(text));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, column, path, problem, remedy }) => `${line}:${column}  ${path}: ${problem}. ${remedy}`);
  }
}

const interval = 'from: 2021-10-08T23:01:00Z, until: 2021-10-08T23:06:00Z';

describe('a fault is refused:', () => {
  it.each<[fault: string, path: string, ...words: string[]]>([
    [`{ kind: provisioner-stoped, ${interval} }`, 'faults[1].kind', 'is no fault', 'Did you mean "provisioner-stopped"?'],
    [`{ ${interval} }`, 'faults[1]', 'has no kind', 'pool-skipped'],
    [`{ kind: pool-skipped, pool: a/b, ${interval} }`, 'faults[1].pool', 'is an unknown key', 'Did you mean "pools"?'],
    [`{ kind: boot-slow, ${interval} }`, 'faults[1].factor', 'is missing'],
    [`{ kind: boot-slow, factor: "2", ${interval} }`, 'faults[1].factor', '"2" is no factor'],
    [`{ kind: api-down, rate: 1.5, ${interval} }`, 'faults[1].rate', '1.5 is no share', 'from 0 to 1'],
    [`{ kind: api-down, status: 501, ${interval} }`, 'faults[1].status', 'Write one of 500, 502, 503, 504'],
    [`{ kind: api-slow, delay: 30, ${interval} }`, 'faults[1].delay', '30 has no unit'],
    [`{ kind: creation-fails, error: { kind: x }, ${interval} }`, 'faults[1].error.title', 'is missing'],
    [`{ kind: clock-skewed, ${interval} }`, 'faults[1]', 'ahead or behind'],
    [`{ kind: channel-down, channels: [mail], ${interval} }`, 'faults[1].channels[0]', '"mail" is no kind of channel'],
    [
      `{ kind: channel-down, how: refuses, arrives: 0.5, ${interval} }`,
      'faults[1].arrives',
      'lets nothing arrive',
      'times-out or fails',
    ],
    [`{ kind: prober-killed, effect: comit, ${interval} }`, 'faults[1].effect', '"comit" is no effect', 'Did you mean "commit"?'],
    [`{ kind: prober-killed, nth: 0, ${interval} }`, 'faults[1].nth', '0 is no number of an effect'],
    [`{ kind: prober-killed, point: during, ${interval} }`, 'faults[1].point', '"during" is no point', 'before, after'],
    ['{ kind: unresolvable, from: 2021-10-08T23:01:00Z }', 'faults[1].until', 'is missing'],
    ['{ kind: unresolvable, from: 2021-10-08T23:01:00Z, until: 2021-10-08T23:01:00Z }', 'faults[1].until', 'is not after from'],
    ['{ kind: unresolvable, from: 2021-10-08 23:01, until: 2021-10-09T23:01:00Z }', 'faults[1].from', 'is no instant'],
  ])('%s', async (fault, ...problem) => {
    expect(await said(smallDrill('', { faults: `- ${fault}` }))).toContainEqual(like(26, ...problem));
  });
});

describe('a drill file is refused:', () => {
  it.each<[change: [from: string, to: string], path: string, ...words: string[]]>([
    [['seed: 7', 'sed: 7'], 'sed', 'is an unknown key', 'Did you mean "seed"?'],
    [['end: 2021-10-08T23:20:00Z', 'end: 2021-10-08T22:20:00Z'], 'end', 'is not after start'],
    [['broke: 2021-10-08T23:01:00Z', 'broke: 2021-10-08T22:01:00Z'], 'broke', 'is before start'],
    [['mark: noticed', 'mark: seen'], 'people[0].mark', '"seen" is no mark'],
    [['pages: 1', 'pagedWithin: 5m'], 'expect.pages', 'is missing'],
    [['pageAfter: 90s', 'pageAfter: 30s'], 'prober.defaults.pageAfter', 'is under warnAfter'],
    [['gecko-t/linux]', 'gecko-3/decision]'], 'pools[0].names[1]', 'stands here twice'],
    [['idleTimeout: 5s', 'idleTimeout: 5'], 'pools[0].idleTimeout', 'has no unit'],
    [
      ['pool: gecko-t/linux', 'pool: gecko-t/linux\n      team: Rel Eng'],
      'prober.probes[1].team',
      'is no name of a team',
      'lower-case',
    ],
    [['p95: 8s', 'p99: 8s'], 'pools[0].boot.p99', 'is an unknown key', 'Known here: p50, p95'],
    [['incidents: {', 'config: x.yml\n  incidents: {'], 'prober.incidents', 'stands beside config'],
  ])('%s', async ([from, to], path, ...words) => {
    const text = smallDrill().replace(from, to);
    const line = Number((await said(text))[0]?.split(':')[0]);
    expect(await said(text)).toContainEqual(like(line, path, ...words));
  });

  test('for everything at once', async () => {
    const text = smallDrill('colour: red', { faults: '- { kind: nothing }' }).replace('seed: 7', 'seed: x');
    expect(await said(text)).toHaveLength(3);
  });
});

test.each(shipped)('%s has the whole of FirefoxCI, and prints itself as it is', async (name) => {
  const { scenario, deployment } = await loadDrill(join(OUTAGES, name));
  expect(deployment.pools.flatMap(({ names }) => names).length).toBeGreaterThanOrEqual(384);
  const moved = { ...scenario, deployment: join(OUTAGES, 'deployments/firefox-ci.yml') };
  expect((await loadDrill(fileWith(printScenario(moved)))).scenario).toEqual(moved);
});

describe('a scenario that was made up', () => {
  const ms = fc.integer({ min: 1, max: 30 * HOUR });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const words = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => text.trim() !== '');
  const spread = fc.record({ p50: ms, p95: ms });
  const interval = fc.tuple(ms, ms).map(([from, length]) => ({ from: DAY_ZERO + from, until: DAY_ZERO + from + length }));
  const maybe = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { requiredKeys: [] });
  const where = maybe({ pools: fc.array(words, { minLength: 1 }), providers: fc.array(words, { minLength: 1 }) });
  const channels = maybe({ channels: fc.subarray(['slack', 'pagerduty', 'webhook'] as const, { minLength: 1 }) });
  const error = fc.record(
    { kind: words, title: words, description: words, code: words },
    { requiredKeys: ['kind', 'title', 'description'] },
  );
  const whole = (min: number, max: number) => fc.integer({ min, max });
  const kinds: fc.Arbitrary<object>[] = [
    fc.tuple(fc.constantFrom({ kind: 'provisioner-stopped' }, { kind: 'pool-skipped' }), where).map(([a, b]) => ({ ...a, ...b })),
    fc
      .tuple(fc.record({ kind: fc.constant('creation-fails'), error }), where, maybe({ rate: share }))
      .map(([a, b, c]) => ({ ...a, ...b, ...c })),
    fc
      .tuple(fc.record({ kind: fc.constant('runaway'), batch: whole(1, 50) }), maybe({ upTo: whole(1, 2000), every: ms }))
      .map(([a, b]) => ({ ...a, ...b })),
    fc.record({ kind: fc.constant('backlog'), tasks: whole(1, 500), duration: spread }),
    fc
      .tuple(
        fc.constant({ kind: 'api-down' }),
        maybe({ rate: share, status: fc.constantFrom(500, 502, 503, 504), applied: fc.boolean() }),
      )
      .map(([a, b]) => ({ ...a, ...b })),
    fc.record({ kind: fc.constant('api-slow'), delay: ms }),
    fc
      .tuple(
        fc.constant({ kind: 'channel-down' }),
        channels,
        maybe({ how: fc.constantFrom('fails', 'times-out'), arrives: share }),
      )
      .map(([a, b, c]) => ({ ...a, ...b, ...c })),
    fc.tuple(fc.record({ kind: fc.constant('channel-limits'), retryAfter: ms }), channels).map(([a, b]) => ({ ...a, ...b })),
    fc.record({ kind: fc.constantFrom('prober-killed', 'prober-paused'), replica: whole(1, 3) }),
    fc
      .tuple(
        fc.constant({ kind: 'prober-killed' }),
        maybe({ effect: fc.constantFrom('commit', 'tell'), nth: whole(1, 99), point: fc.constantFrom('before', 'after') }),
      )
      .map(([a, b]) => ({ ...a, ...b })),
    fc.record({ kind: fc.constant('clock-skewed'), behind: ms }),
  ];
  const fault = fc.tuple(fc.oneof(...kinds), interval).map(([a, b]) => ({ ...a, ...b }) as Fault);
  const pool = fc
    .tuple(
      fc.record({ runs: fc.constantFrom('generic-worker', 'd2g'), maxCapacity: whole(1, 99), boot: spread } as const),
      maybe({
        minCapacity: whole(0, 9),
        idleTimeout: ms,
        claim: fc.record({ min: ms, max: ms }),
        load: fc.record({ perHour: whole(0, 999), batch: whole(1, 9), duration: spread }),
        regions: fc.array(words, { minLength: 1 }),
        known: fc.constant(false as const),
      }),
    )
    .map(([a, b]): PoolGroup => ({ names: ['gecko-3/decision', 'gecko-t/linux'], ...a, ...b }));
  const expectation = fc
    .tuple(
      fc.record({ pages: whole(0, 9) }),
      maybe({ cause: fc.constant('queue-unreachable'), pagedWithin: ms, noticedWithin: ms, resolvedWithin: ms }),
    )
    .map(([a, b]) => ({ ...a, ...b }));

  test('is read again from what it prints', async () => {
    const { scenario: base } = await loadDrill(fileWith(smallDrill()));
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          title: words,
          seed: whole(0, 1000),
          pools: fc.tuple(pool),
          faults: fc.array(fault, { maxLength: 6 }),
          people: fc.array(fc.record({ at: ms.map((after) => DAY_ZERO + after), text: words }), { maxLength: 3 }),
          expect: expectation,
          remindEvery: fc.oneof(
            fc.constant('never' as const),
            ms.map((after) => MINUTE + after),
          ),
        }),
        async ({ remindEvery, ...own }) => {
          const incidents = { groupWait: 10 * SECOND, fleetAt: 3, reopenWithin: 0, remindEvery };
          const scenario: Scenario = { ...base, ...own, prober: { ...base.prober, incidents } };
          expect((await loadDrill(fileWith(printScenario(scenario)))).scenario).toEqual(scenario);
        },
      ),
      { numRuns: 200 },
    );
  });
});
