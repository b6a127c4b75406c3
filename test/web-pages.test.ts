import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../src/evidence/change.ts';
import type { HistoryQuery } from '../src/evidence/history.ts';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { storeOver } from '../src/store/store.ts';
import { reportJson } from '../src/views/json.ts';
import { report, reportQuery } from '../src/views/report.ts';
import { createdIn, fleet } from './support/fleet.ts';
import { configOf, entry } from './support/judging.ts';
import { servePages, standingAt } from './support/pages.ts';
import { emptyableStore } from './support/store.ts';
import { incidentChange, poolIncident } from './support/values.ts';

const NAMES = ['gecko-3/decision', 'gecko-1/decision', 'gecko-t/win11-64-24h2', 'comm-1/b-linux'];
const [BAD = ''] = NAMES;

const { db, path, empty } = await emptyableStore();
beforeEach(empty);

async function aNight(over: Partial<Parameters<typeof fleet>[1]> = {}) {
  const store = storeOver(db, path);
  const now = Date.now();
  const config = await fleet(store, { names: NAMES, now, hours: 3, stuck: { [BAD]: 34 * MINUTE }, ...over });
  return { store, now, config, pages: await servePages(config, store) };
}

/** The words of a page, as one line. */
const words = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('the first page', () => {
  it('says how the fleet is, what is open, and how each pool is, worst first', async () => {
    const { pages } = await aNight();
    const html = await pages.html('/');
    expect(html).toMatch(/<title>■ 1 stuck · firefox-ci<\/title>/);
    expect(html).toContain('href="/icon/stuck.svg"');
    expect(words(html)).toMatch(
      /■ 1 stuck of 4 pools gecko-3\/decision Open incidents ■ Page gecko-3\/decision: no worker has claimed/,
    );
    const rows = [...html.matchAll(/<tr class="(\w+)">.*?<a href="\/probes\/([^"]+)">/gs)].map(([, verdict, name]) => [
      verdict,
      name,
    ]);
    expect(rows[0]).toEqual(['stuck', BAD]);
    expect(rows.slice(1).map(([verdict]) => verdict)).toEqual(['healthy', 'healthy', 'healthy']);
  });

  it('is calm where all is well', async () => {
    const { pages } = await aNight({ stuck: {} });
    const html = await pages.html('/');
    expect(words(html)).toContain('● All 4 pools are healthy');
    expect(html).not.toContain('Open incidents');
  });

  it('says that nobody watches where the last pass is long ago, and that there is none in an empty store', async () => {
    const { store, pages, now } = await aNight({ stuck: {} });
    const { revision, watch } = await store.load();
    await store.commit(revision, [{ kind: 'watch', watch: { ...watch, passAt: now - HOUR } }]);
    await expect.poll(() => pages.html('/'), { timeout: 5000 }).toContain('<span class="state slow">last pass 1h');
    const stale = await pages.html('/');
    expect(words(stale)).toMatch(
      /^○ cannot tell .* Cannot tell how the pools do The figures below are old: no complete pass for 1h/,
    );
    expect(stale).toContain('<section class="banner unknown"');
    expect(words(await pages.html(`/probes/${BAD}`))).toContain('The figures below are old: no complete pass for 1h');
    expect(await pages.html(`/badge/${BAD}.svg`)).toContain(`aria-label="${BAD}: unknown"`);
    expect(await pages.json('/api/v1/report')).toMatchObject({ doubt: expect.stringMatching(/^no complete pass for 1h/) });
    await empty();
    const bare = await servePages(configOf([entry('a/b')]), storeOver(db, path));
    expect(words(await bare.html('/'))).toMatch(/no pass yet .* ○ 1 unknown of 1 pool/);
  });

  it('asks for itself again, until somebody pauses it', async () => {
    const { pages } = await aNight();
    expect((await pages.get('/')).headers.get('refresh')).toBe('15');
    const paused = await pages.get('/?refresh=off');
    expect(paused.headers.has('refresh')).toBe(false);
    expect(await paused.text()).toContain('<a href="/">Refresh each 15 s</a>');
  });
});

describe("a pool's page", () => {
  it('has its canaries linked to their tasks, its percentiles, its objective and its incidents', async () => {
    const { pages, config } = await aNight();
    const html = await pages.html(`/probes/${BAD}`);
    expect(html.match(new RegExp(`<a href="${config.rootUrl}/tasks/[\\w-]{22}">`, 'g'))?.length).toBeGreaterThan(8);
    expect(html).toContain(`<a href="${config.rootUrl}/worker-manager/gecko-3%2Fdecision/errors">`);
    expect(words(html)).toMatch(/Objective: 95% under 20m over 14d Error budget ▲ overspent In time \d+/);
    expect(words(html)).toMatch(
      /Open incidents ■ Page unexplained gecko-3\/decision: no worker .* Figures as of [\d:]+ [\d:]+ opened canary unclaimed .* escalated/,
    );
    expect(html).toMatch(/<line class="stem waiting"[^>]*>/);
    expect(html).toMatch(/aria-label="Time to claim over the last [^"]* 0 ended unclaimed, 1 waiting\./);
  });

  it('exists for every probe, whatever its name, and for none that is not there', async () => {
    const store = storeOver(db, path);
    const pages = await servePages(configOf([entry('a/b', { name: 'two words/ü & more' })]), store);
    const [, link] = /<a href="(\/probes\/[^"]+)">two words/.exec(await pages.html('/')) ?? [];
    expect(words(await pages.html(link ?? ''))).toContain('two words/ü &amp; more');
    for (const path of ['/probes/', '/probes/nowhere', '/probes/%', '/badge/nowhere.svg', '/incidents/nowhere', '/icon/x.svg'])
      expect((await pages.get(path)).status).toBe(404);
  });
});

describe('incidents', () => {
  it('have a page each, and are listed with their stories for a week', async () => {
    const { pages, store, now } = await aNight();
    const over = poolIncident({
      id: 'firefox-ci/probe:x/1',
      anchor: 'probe:x',
      since: now - 3 * HOUR,
      opened: now - 3 * HOUR,
      ended: now - 2 * HOUR,
      end: 'resolved',
    });
    await store.commit((await store.load()).revision, [incidentChange(over, [])]);
    const list = await pages.html('/incidents');
    expect(words(list)).toMatch(/1 open ■ Page .* 1 ended in the last 7 days ● Resolved/);
    const links = [...list.matchAll(/<h3><a href="([^"]+)">/g)].map(([, link]) => link ?? '');
    expect(links).toHaveLength(2);
    for (const link of links) expect(await pages.html(link)).toMatch(/<h1>gecko-3\/decision: /);
  });

  it('of several pools list them, and each of those leads to it', async () => {
    const { pages, store, now } = await aNight({ stuck: {} });
    const members = NAMES.slice(0, 3).map((pool) => ({
      probe: pool,
      pool,
      level: 'page' as const,
      taskId: 'A'.repeat(22),
      since: now - HOUR,
      age: HOUR,
      claimed: false,
    }));
    const evidence = { kind: 'fleet' as const, since: now - HOUR, members, recovered: 0, witnesses: 4, common: ['provider gcp'] };
    await store.commit((await store.load()).revision, [incidentChange(poolIncident({ anchor: `probe:${BAD}`, evidence }), [])]);
    expect(words(await pages.html('/incidents'))).toContain('gecko-t/win11-64-24h2 ■ page unclaimed for 1h');
    expect(words(await pages.html('/probes/gecko-t/win11-64-24h2'))).toContain('Pools that are bad together');
    expect(words(await pages.html('/probes/comm-1/b-linux'))).toContain('None of late.');
  });

  it('that are over are on the page of each probe that they told of, whether by its pool or by its error budget', async () => {
    const { pages, store, now } = await aNight({ stuck: {} });
    const past = { since: now - 3 * HOUR, opened: now - 3 * HOUR, ended: now - 2 * HOUR, end: 'resolved' as const };
    const diagnosis = {
      cause: 'at-capacity' as const,
      confidence: 'likely' as const,
      figures: { at: now - 3 * HOUR, claims: 'cannot tell' as const },
    };
    const ofPool = poolIncident({
      ...past,
      id: 'firefox-ci/pool:1',
      anchor: `pool:${BAD}`,
      cause: 'at-capacity',
      evidence: { kind: 'capacity', pool: BAD, since: now - 3 * HOUR, diagnosis },
    });
    const rates = { long: 4, short: 5 };
    const objective = { target: 0.95, under: HOUR, over: 14 * 24 * HOUR };
    const figures = {
      objective,
      pair: 'fast' as const,
      long: 6 * HOUR,
      short: HOUR,
      rates,
      observed: 24,
      missed: 5,
      budgetLeft: 0.5,
    };
    const ofBudget = poolIncident({
      ...past,
      id: 'firefox-ci/objective:1',
      anchor: 'objective:budget',
      cause: 'budget-burning',
      evidence: { kind: 'budget', since: now - 3 * HOUR, burning: [{ ...figures, probe: BAD, pool: BAD }] },
    });
    await store.commit((await store.load()).revision, [incidentChange(ofPool, []), incidentChange(ofBudget, [])]);
    const { incidents } = (await pages.json(`/api/v1/probes/${BAD}`)) as { incidents: { id: string }[] };
    expect(incidents.map(({ id }) => id).sort()).toEqual([ofBudget.id, ofPool.id]);
    expect((await pages.html(`/probes/${BAD}`)).split('<article').length - 1).toBe(2);
    expect(words(await pages.html('/probes/comm-1/b-linux'))).toContain('None of late.');
  });
});

describe('silences', () => {
  it('are shown where they stand, with reason and end', async () => {
    const until = Date.now() + 3 * HOUR;
    const silences = [{ match: 'comm-1/*', until, reason: 'new images', line: 12 }];
    const window = { days: [6], from: 22 * HOUR, to: 2 * HOUR, timezone: 'Europe/Berlin', line: 20 };
    const { pages } = await aNight({ config: { silences, maintenance: [{ ...window, match: 'gecko-t/*', reason: 'images' }] } });
    expect(words(await pages.html('/silences'))).toMatch(
      /in force comm-1\/\* until .* more new images probes\/test\.yml:12 .* gecko-t\/\* .*sat 22:00 to 02:00 Europe\/Berlin/,
    );
    expect(words(await pages.html('/'))).toMatch(/comm-1\/b-linux silent (3h|2h 59m)/);
  });
});

describe('text from outside', () => {
  it('stays text on every page', async () => {
    const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'&\u202e`;
    const store = storeOver(db, path);
    const now = Date.now();
    const config = configOf([entry(`a/${evil}`)], {
      silences: [{ match: evil, until: now + HOUR, reason: evil, line: 1 }],
    });
    const evidence = { kind: 'ask' as const, since: now, detail: evil, probes: [] };
    const timeline = [{ at: now, what: 'opened' as const, text: evil, loud: true }];
    const changes: Change[] = [
      incidentChange(poolIncident({ id: `test/${evil}`, anchor: 'ask:refused', class: 'cannot-ask', evidence, timeline }), []),
      incidentChange(
        poolIncident({
          id: 'test/2',
          runbook: `javascript:alert(3)//https://`,
          silenced: { by: evil, until: now + HOUR, reason: evil },
        }),
        [],
      ),
      {
        kind: 'canary',
        canary: {
          taskId: evil,
          probe: `a/${evil}`,
          pool: `a/${evil}`,
          slot: now - HOUR,
          schedulerId: 'x',
          taskGroupId: 'x',
          deadline: now,
          stage: 'censored',
          scheduled: now - HOUR,
          ended: now - MINUTE,
          worker: evil,
          reason: evil,
        },
      },
    ];
    await store.commit(0, changes);
    const pages = await servePages(config, store);
    const probe = `a/${encodeURIComponent(evil)}`;
    for (const page of [
      '/',
      `/probes/${probe}`,
      '/incidents',
      '/silences',
      `/badge/${probe}.svg`,
      `/incidents/test/${encodeURIComponent(evil)}`,
    ]) {
      const answer = await pages.get(page);
      expect([page, answer.status]).toEqual([page, 200]);
      const body = await answer.text();
      expect(body).toContain('alert(1)');
      expect(body).not.toMatch(/<script|<img|href="javascript|\u202e/);
      // Every quote that the text brought along is written as an entity, so no attribute can end early.
      expect(body).not.toMatch(/=""|"&gt;?<|on\w+=x/);
    }
  });

  it('stays data in JSON', async () => {
    const { pages } = await aNight();
    expect((await pages.get('/api/v1/report')).headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('every answer', () => {
  it('forbids scripts, frames and guesses at its type, and is kept by nobody', async () => {
    const { pages } = await aNight();
    for (const page of ['/', `/probes/${BAD}`, '/nowhere', '/api/v1/report', '/healthz']) {
      const { headers } = await pages.get(page);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'; img-src 'self'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('can only be read', async () => {
    const { pages } = await aNight();
    for (const page of ['/', `/probes/${BAD}`, '/api/v1/report', '/metrics']) {
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
        const answer = await pages.get(page, { method });
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      }
      const head = await pages.get(page, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
    }
  });

  it('has a stylesheet that browsers may keep, for its address changes with it', async () => {
    const { pages } = await aNight();
    const [, style] = /<link rel="stylesheet" href="([^"]+)">/.exec(await pages.html('/')) ?? [];
    const answer = await pages.get(style ?? '');
    expect(answer.headers.get('content-type')).toMatch(/^text\/css/);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    for (const page of ['/', `/probes/${BAD}`, '/nowhere']) expect(await pages.html(page)).not.toMatch(/<style| style="|<script/);
  });

  it('to a lost path is a page for people and JSON for programs', async () => {
    const { pages } = await aNight();
    const lost = await pages.get('/nowhere');
    expect([lost.status, lost.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await lost.text()).toContain('No such page');
    const api = await pages.get('/api/v1/probes/nowhere');
    expect([api.status, await api.json()]).toEqual([404, { error: 'no such page' }]);
  });
});

describe('JSON', () => {
  it('of the report is what the command prints', async () => {
    const store = storeOver(db, path);
    const now = Date.UTC(2021, 9, 8, 23, 34);
    const config = await fleet(store, { names: NAMES, now, hours: 30, stuck: { [BAD]: 34 * MINUTE } });
    await store.commit((await store.load()).revision, createdIn(BAD, now));
    const pages = await servePages(config, store, { clock: standingAt(now) });
    const since = now - 24 * HOUR;
    const printed = report(config, await store.load(), await store.history(reportQuery(config, since, now)), since, now);
    expect(await pages.json('/api/v1/report')).toEqual(reportJson(printed));
    expect(printed.probes[0]?.created?.hours.filter((count) => count > 0).length).toBeGreaterThan(20);
  });

  it('stands behind every page', async () => {
    const { pages } = await aNight();
    const probe = (await pages.json(`/api/v1/probes/${BAD}`)) as Record<string, Record<string, unknown>[]>;
    expect(probe).toMatchObject({
      deployment: 'firefox-ci',
      probe: { name: BAD, verdict: 'stuck', objective: { target: 0.95 } },
    });
    expect(probe['incidents']).toHaveLength(1);
    expect(probe['canaries']?.[0]).toMatchObject({ stage: 'claimed', timeToClaim: expect.any(Number), reason: null });
    const { incidents } = (await pages.json('/api/v1/incidents')) as { incidents: { id: string }[] };
    expect(incidents).toHaveLength(1);
    expect(await pages.json(`/api/v1/incidents/${incidents[0]?.id}`)).toMatchObject({ incident: { id: incidents[0]?.id } });
    expect(await pages.json('/api/v1/silences')).toMatchObject({ deployment: 'firefox-ci', silences: [] });
  });
});

describe('a badge', () => {
  it('says how the pool is', async () => {
    const { pages } = await aNight();
    const bad = await pages.get(`/badge/${BAD}.svg`);
    expect(bad.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(bad.headers.get('cache-control')).toBe('no-cache');
    expect(await bad.text()).toMatch(/aria-label="gecko-3\/decision: stuck, \d+m \d+s waiting"/);
    expect(await pages.html('/badge/gecko-1/decision.svg')).toMatch(/aria-label="gecko-1\/decision: p95 /);
  });
});

describe('the report behind the pages', () => {
  it('is made once for all who look at one moment, and anew when the store has moved on', async () => {
    const { store, config, now } = await aNight({ stuck: {} });
    let reads = 0;
    const counted = {
      ...store,
      history: (query: HistoryQuery) => {
        reads++;
        return store.history(query);
      },
    };
    const pages = await servePages(config, counted);
    await pages.html('/');
    const before = reads;
    await Promise.all(Array.from({ length: 20 }, () => pages.html('/')));
    expect(reads).toBe(before);
    const { revision, probes } = await store.load();
    const state = probes.get(BAD);
    if (state === undefined) throw new Error('no probe');
    const claim = { taskId: 'C'.repeat(22), at: now, ms: 77 * SECOND, start: 'cold' as const };
    await store.commit(revision, [{ kind: 'probe', state: { ...state, lastClaim: claim } }]);
    await expect.poll(() => pages.html('/'), { timeout: 10_000 }).toContain('1m 17s');
  });
});
