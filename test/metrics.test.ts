import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { wallClock } from '../src/clock.ts';
import { run } from '../src/commands/run.ts';
import type { Told } from '../src/evidence/delivery.ts';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { CLAIM_BOUNDS } from '../src/evidence/tally.ts';
import { Health } from '../src/health/health.ts';
import type { Io } from '../src/io.ts';
import { Meter } from '../src/metrics/meter.ts';
import { destinations, publish } from '../src/metrics/publish.ts';
import { storeOver } from '../src/store/store.ts';
import { Stage } from './bad-days/stage.ts';
import { keptLog } from './notify-incidents.ts';
import { type Exposition, parseExposition } from './support/exposition.ts';
import { fleet } from './support/fleet.ts';
import { Bench, configOf, entry } from './support/judging.ts';
import { servePages, standingAt } from './support/pages.ts';
import { emptyableStore } from './support/store.ts';
import { DAY_ZERO, poolIncident } from './support/values.ts';

const POOL = 'gecko-3/decision';
const OPEN = { headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5' } };

const { db, path, empty } = await emptyableStore();
beforeEach(empty);

const valuesOf = ({ lines }: Exposition, name: string, labels: Record<string, string> = {}) =>
  lines
    .filter((line) => line.name === name && Object.entries(labels).every(([key, value]) => line.labels[key] === value))
    .map(({ value }) => value);

/** Two probes of one pool in a deployment that was watched for a while; the first one's canaries were claimed after these times. */
async function scraped(times: readonly number[], wait = 0) {
  const bench = new Bench(configOf([entry(POOL), entry(POOL, { name: 'second' }), entry('a/b')]), DAY_ZERO);
  let now = bench.open(POOL).slot;
  for (const ms of times) {
    bench.claimed(POOL, ms, now + ms + 3 * SECOND);
    now = bench.state.probes.get(POOL)?.lastSlot ?? now;
    while (bench.state.probes.get(POOL)?.open === undefined) {
      now += MINUTE;
      bench.judge([], now);
    }
  }
  if (wait > 0) bench.pending(POOL, now + wait);
  const store = storeOver(db, path);
  await store.commit((await store.load()).revision, bench.changes);
  const pages = await servePages(bench.config, store, { clock: standingAt(now + wait + SECOND) });
  return { pages, store, bench, exposition: parseExposition(await pages.html('/metrics')) };
}

describe('/metrics', () => {
  it('is what Prometheus reads, in the format that it asks for', async () => {
    const { pages } = await scraped([20 * SECOND]);
    const plain = await pages.get('/metrics');
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const open = await pages.get('/metrics', OPEN);
    expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    const [text, metrics] = [parseExposition(await plain.text()), parseExposition(await open.text())];
    expect([text.ended, metrics.ended]).toEqual([false, true]);
    expect(metrics.lines.map(({ name, value }) => [name, value])).toEqual(text.lines.map(({ name, value }) => [name, value]));
    expect(text.types.get('tc_canary_results_total')).toBe('counter');
    expect(metrics.types.get('tc_canary_results')).toBe('counter');
    expect(metrics.types.get('tc_canary_build')).toBe('info');
  });

  it('names everything by the rules: the prefix, base units, a help for each, labels of the pool list alone', async () => {
    const { exposition } = await scraped([20 * SECOND], 20 * MINUTE);
    for (const [name, type] of exposition.types) {
      expect(name).toMatch(/^tc_canary_[a-z0-9_]+$/);
      expect(name).not.toMatch(/_(ms|millis|minutes|percent)/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(exposition.helps.has(name)).toBe(true);
    }
    const labels = new Set(exposition.lines.flatMap((line) => Object.keys(line.labels)));
    const known = ['burn', 'channel', 'class', 'deployment', 'le', 'level', 'method', 'reason', 'result', 'start', 'status'];
    expect([...labels].filter((label) => !known.includes(label)).sort()).toEqual(['verdict', 'version', 'worker_pool']);
    expect(new Set(exposition.lines.map((line) => line.labels['deployment']))).toEqual(new Set(['test']));
    expect(exposition.lines.flatMap((line) => Object.values(line.labels)).join('\n')).not.toMatch(/[A-Za-z0-9_-]{22}/);
  });

  it('has the time to claim as a histogram of at most 15 buckets that add up', async () => {
    const { exposition } = await scraped([500, 20 * SECOND, 20 * SECOND, 4 * HOUR + 10 * MINUTE]);
    const of = { worker_pool: POOL, start: 'warm' };
    const buckets = valuesOf(exposition, 'tc_canary_time_to_claim_seconds_bucket', of);
    expect(buckets).toHaveLength(CLAIM_BOUNDS.length + 1);
    expect(buckets.length).toBeLessThanOrEqual(15);
    expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
    const [count] = valuesOf(exposition, 'tc_canary_time_to_claim_seconds_count', of);
    expect([buckets[0], buckets[3], buckets.at(-1)]).toEqual([1, 3, count]);
    // The four hours took in the slots that were skipped meanwhile, each with its own wait.
    expect(count).toBeGreaterThan(15);
    expect(valuesOf(exposition, 'tc_canary_time_to_claim_seconds_sum', of)[0]).toBeGreaterThan(4 * 3600 + 50);
    expect(valuesOf(exposition, 'tc_canary_time_to_claim_seconds_bucket', { le: '+Inf', ...of })).toEqual([count]);
  });

  it('has results from the beginning, and the worst of several probes of one pool', async () => {
    const { exposition } = await scraped([6 * MINUTE, 20 * SECOND], 20 * MINUTE);
    const results = (pool: string) => valuesOf(exposition, 'tc_canary_results_total', { worker_pool: pool });
    expect(results('a/b')).toEqual([0, 0, 0]);
    expect(results(POOL)).toEqual([1, 1, 0]);
    expect(valuesOf(exposition, 'tc_canary_pending_age_seconds', { worker_pool: POOL })[0]).toBeGreaterThan(19 * 60);
    expect(valuesOf(exposition, 'tc_canary_verdict', { worker_pool: POOL, verdict: 'stuck' })).toEqual([1]);
    expect(valuesOf(exposition, 'tc_canary_verdict', { worker_pool: POOL })).toEqual([1, 0, 0, 0]);
    expect(valuesOf(exposition, 'tc_canary_incidents', { class: 'pool', level: 'page' })).toEqual([1]);
    expect(valuesOf(exposition, 'tc_canary_incidents')).toHaveLength(6);
  });

  it('goes on from where it was after a restart, and never counts a canary twice', async () => {
    const { bench, store, exposition } = await scraped([20 * SECOND, 30 * SECOND]);
    const again = await servePages(bench.config, storeOver(db, path), { clock: standingAt(bench.now) });
    const after = parseExposition(await again.html('/metrics'));
    const counts = (of: Exposition) => valuesOf(of, 'tc_canary_time_to_claim_seconds_count');
    expect([counts(after), counts(exposition)]).toEqual([[2], [2]]);
    const { revision } = await store.load();
    expect(revision).toBeGreaterThan(0);
  });

  it('has what the process itself does: calls by method and status, what channels take and what not, and the last pass', async () => {
    const meter = new Meter();
    const health = new Health(wallClock);
    const covered = { probes: 3, submitted: 2, failed: 1, pending: 0, slow: 0, stuck: 0, unknown: 0, calls: 7, took: 1250 };
    health.passed({ complete: false, covered });
    meter.called('queue', 'createTask', 200);
    meter.called('queue', 'createTask', 200);
    meter.called('queue', 'statuses', 0);
    const answers: Told[] = [
      { as: 'accepted', ref: 'r', more: false },
      { as: 'refused', why: 'no' },
      { as: 'later', after: 1, route: false, why: 'busy' },
    ];
    const channels = meter.counting(new Map([['slack:C1', { tell: async () => answers.shift() ?? { as: 'unsure', why: '' } }]]));
    const message = { deployment: 'test', rootUrl: 'https://tc.example.com', incident: poolIncident() };
    for (let i = 0; i < 4; i++) await channels.get('slack:C1')?.tell(message, undefined, false);
    const pages = await servePages(configOf([entry(POOL)]), storeOver(db, path), { own: { health, meter } });
    const exposition = parseExposition(await pages.html('/metrics'));
    const calls = (labels: Record<string, string>) => valuesOf(exposition, 'tc_canary_taskcluster_calls_total', labels);
    expect(calls({ method: 'queue.createTask', status: '200' })).toEqual([2]);
    expect(calls({ method: 'queue.statuses', status: 'none' })).toEqual([1]);
    expect(valuesOf(exposition, 'tc_canary_notices_total', { channel: 'slack' })).toEqual([1]);
    expect(valuesOf(exposition, 'tc_canary_notice_failures_total', { channel: 'slack' })).toEqual([1, 1, 1]);
    expect(valuesOf(exposition, 'tc_canary_last_pass_duration_seconds')).toEqual([1.25]);
    expect(valuesOf(exposition, 'tc_canary_last_pass_complete')).toEqual([0]);
    expect(valuesOf(exposition, 'tc_canary_last_pass_canaries')).toEqual([2, 1]);
  });

  it('has how each pool stands to its objective', async () => {
    const store = storeOver(db, path);
    const now = Date.now();
    const config = await fleet(store, { names: [POOL, 'gecko-1/b-linux'], now, hours: 5, stuck: { [POOL]: 2 * HOUR } });
    const pages = await servePages(config, store);
    const exposition = parseExposition(await pages.html('/metrics'));
    expect(valuesOf(exposition, 'tc_canary_error_budget_left_ratio')).toHaveLength(1);
    expect(valuesOf(exposition, 'tc_canary_error_budget_left_ratio')[0]).toBeLessThan(0);
    expect(valuesOf(exposition, 'tc_canary_error_budget_burning', { worker_pool: POOL, burn: 'fast' })).toEqual([1]);
    expect(valuesOf(exposition, 'tc_canary_objective_compliance_ratio')[0]).toBeLessThan(0.95);
    const rates = valuesOf(exposition, 'tc_canary_error_budget_burn_rate', { worker_pool: POOL });
    expect(rates).toHaveLength(2);
    expect(rates[0]).toBeGreaterThan(2.8);
  });

  it('counts the workers that were created for a pool, from nothing on and over all its probes once', async () => {
    const bench = new Bench(configOf([entry(POOL), entry(POOL, { name: 'second' }), entry('a/b')]), DAY_ZERO);
    const store = storeOver(db, path);
    const created = (total: number) => ({ hour: DAY_ZERO, counts: [total], total, since: DAY_ZERO, at: DAY_ZERO });
    const exposed = async (total: number) => {
      const change = { kind: 'pool' as const, record: { pool: POOL, at: DAY_ZERO, created: created(total) } };
      await store.commit((await store.load()).revision, [change]);
      const pages = await servePages(bench.config, store, { clock: standingAt(DAY_ZERO + MINUTE) });
      return parseExposition(await (await pages.get('/metrics', OPEN)).text());
    };
    const first = await exposed(0);
    expect(first.types.get('tc_canary_workers_created')).toBe('counter');
    expect(first.lines.filter(({ name }) => name === 'tc_canary_workers_created_total')).toEqual([
      { name: 'tc_canary_workers_created_total', labels: { deployment: 'test', worker_pool: POOL }, value: 0 },
    ]);
    expect(valuesOf(await exposed(41), 'tc_canary_workers_created_total')).toEqual([41]);
  });
});

describe('a single pass', () => {
  /** A Pushgateway that takes everything, or nothing. */
  async function gateway(status = 200) {
    const taken: { method: string | undefined; url: string | undefined; body: string }[] = [];
    const server = createServer((request: IncomingMessage, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        taken.push({ method: request.method, url: request.url, body });
        response.writeHead(status).end(status === 200 ? '' : 'pushed metrics are invalid');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`, taken };
  }

  it('leaves its metrics in a file that is replaced whole, and in a Pushgateway, grouped by job and deployment', async () => {
    const start = Date.UTC(2026, 9, 8, 21);
    const stage = await new Stage(start).open({ schedule: '*/10 * * * *', warnAfter: '30s', pageAfter: '90s' });
    onTestFinished(() => stage.close());
    const { url, taken } = await gateway();
    const folder = mkdtempSync(join(tmpdir(), 'tc-canary-metrics-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'canary.prom');
    Object.assign(stage.env, { TC_CANARY_METRICS_FILE: file, TC_CANARY_PUSHGATEWAY: url });
    for (const minute of [1, 2]) {
      stage.machine.set(start + minute * MINUTE);
      stage.world.advanceTo(stage.machine.now());
      expect((await stage.start('--once').ended).code).toBe(0);
    }
    expect(readdirSync(folder)).toEqual(['canary.prom']);
    const exposition = parseExposition(readFileSync(file, 'utf8'));
    expect(valuesOf(exposition, 'tc_canary_last_pass_complete')).toEqual([1]);
    expect(valuesOf(exposition, 'tc_canary_results_total', { result: 'in_time' })).toEqual([1]);
    expect(exposition.types.has('tc_canary_taskcluster_calls_total')).toBe(false);
    expect(taken.map(({ method, url }) => [method, url])).toEqual(
      Array.from({ length: 2 }, () => ['PUT', expect.stringMatching(/^\/base\/metrics\/job\/tc-canary\/deployment\/[\w-]+$/)]),
    );
    expect(taken[1]?.body).toBe(readFileSync(file, 'utf8'));
  });

  it('says in the log where they were not taken, and ends as it would have', async () => {
    const { url } = await gateway(400);
    const log = keptLog();
    await publish('x 1\n', 'test', destinations({ TC_CANARY_PUSHGATEWAY: url, TC_CANARY_METRICS_FILE: '/nowhere/x.prom' }), log);
    expect(log.lines.join('\n')).toMatch(/ENOENT.*metrics file could not be written.*status 400 pushed metrics are invalid/s);
  });

  it.each(['pushgateway:9091', 'http://', 'http://user:pass@gateway:9091'])('refuses %s as a Pushgateway', (address) => {
    expect(() => destinations({ TC_CANARY_PUSHGATEWAY: address })).toThrow(/^TC_CANARY_PUSHGATEWAY is no address/);
  });

  it('alone does: a service is scraped', async () => {
    const io = { env: { TC_CANARY_METRICS_FILE: '/tmp/x.prom' } } as unknown as Io;
    await expect(run({ config: '/nowhere.yml', once: false }, io)).rejects.toThrow('run has /metrics');
  });
});

describe('the rules and the dashboard in k8s/monitoring', () => {
  const read = (file: string) => readFileSync(new URL(`../k8s/monitoring/${file}`, import.meta.url), 'utf8');
  const namesIn = (text: string) => new Set(text.match(/\btc_canary_\w+/g));

  it('name only what is exposed', async () => {
    const store = storeOver(db, path);
    const config = await fleet(store, { names: [POOL], now: Date.now(), hours: 3 });
    const dwell = [
      {
        kind: 'incident' as const,
        incident: poolIncident({ crossed: { page: Date.now() - 5 * SECOND } }),
        routes: ['slack:C1' as const],
      },
    ];
    const now = Date.now();
    const created = { hour: Math.floor(now / HOUR) * HOUR, counts: [2], total: 2, since: now - MINUTE, at: now };
    const counted = { kind: 'pool' as const, record: { pool: POOL, at: now, created } };
    await store.commit((await store.load()).revision, [...dwell, counted]);
    const delivery = await store.claimDelivery(Date.now(), new Set());
    if (delivery) await store.settleDelivery(delivery, { as: 'accepted', ref: 'r', more: false }, Date.now());
    const health = new Health(wallClock);
    health.passed({
      complete: true,
      covered: { probes: 1, submitted: 1, failed: 0, pending: 0, slow: 0, stuck: 0, unknown: 0, calls: 7, took: 1 },
    });
    const meter = new Meter();
    meter.called('queue', 'createTask', 200);
    meter.counting(new Map([['slack:C1', { tell: async () => ({ as: 'unsure', why: '' }) }]]));
    const pages = await servePages(config, store, { own: { health, meter } });
    const { lines } = parseExposition(await pages.html('/metrics'));
    const exposed = new Set(lines.map(({ name }) => name));
    for (const file of ['alerts.yml', 'dashboard.json']) {
      expect([...namesIn(read(file))].filter((name) => !exposed.has(name))).toEqual([]);
      expect(namesIn(read(file)).size).toBeGreaterThan(5);
    }
  });

  it('are what Prometheus and Grafana load', () => {
    const { spec } = parse(read('alerts.yml')) as { spec: { groups: { name: string; rules: Record<string, unknown>[] }[] } };
    const rules = spec.groups.flatMap((group) => group.rules);
    for (const rule of rules)
      expect(rule).toMatchObject({
        alert: expect.stringMatching(/^TcCanary/),
        expr: expect.any(String),
        labels: { severity: expect.any(String) },
      });
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    const { panels } = JSON.parse(read('dashboard.json')) as { panels: { id: number; targets: { expr: string }[] }[] };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { expr } of panels.flatMap(({ targets }) => targets)) {
      expect(expr).toContain('deployment=~"$deployment"');
      expect(expr.match(/\(/g)?.length ?? 0).toBe(expr.match(/\)/g)?.length ?? 0);
    }
  });
});
