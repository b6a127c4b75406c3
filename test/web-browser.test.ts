import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../src/evidence/instant.ts';
import { storeOver } from '../src/store/store.ts';
import { openBrowser } from './support/browser.ts';
import { createdIn, fleet, fleetNames } from './support/fleet.ts';
import { openServed, standingAt } from './support/pages.ts';
import { emptyableStore } from './support/store.ts';

const BAD = 'gecko-3/decision';
const SILENCE = { match: 'comm-1/*', reason: 'new images', line: 12 };
const INCIDENT = `/incidents/firefox-ci/${encodeURIComponent(`probe:${BAD}`).replace('%2F', '/')}/${encodeURIComponent('2021-10-08T00:00:00Z')}`;
const PAGES = ['/', `/probes/${BAD}`, '/probes/gecko-1/decision', '/incidents', INCIDENT, '/silences', '/nowhere'];
const NIGHT = Date.UTC(2021, 9, 8, 23, 34);
const WIDTHS = [360, 1024, 2560];
const LOOKS = [
  { width: 360, colorScheme: 'light' },
  { width: 1024, colorScheme: 'dark' },
  { width: 1024, colorScheme: 'light' },
] as const;

/** Seconds here, but a machine that runs everything else besides has taken ten times as long. */
const PATIENCE = 180_000;

const { db, path } = await emptyableStore();
let browser: Awaited<ReturnType<typeof openBrowser>>;
let pages: Awaited<ReturnType<typeof openServed>>;
let page: Page;
const said: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.browser.newPage();
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  const store = storeOver(db, path);
  const config = await fleet(store, {
    names: fleetNames(24),
    now: NIGHT,
    hours: 8,
    stuck: { [BAD]: 34 * MINUTE },
    config: { silences: [{ ...SILENCE, until: NIGHT + 3 * HOUR }] },
  });
  await store.commit((await store.load()).revision, createdIn(BAD, NIGHT));
  pages = await openServed(config, store, { clock: standingAt(NIGHT) });
}, PATIENCE);

afterAll(async () => {
  await browser.close();
  await pages.close();
});

/** Paused: a page that renews itself in the middle of a look is another story. */
async function open(path: string, width = 1024) {
  said.length = 0;
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width, height: 800 });
  await page.goto(`${pages.url}${path}?refresh=off`);
}

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

describe.each(PAGES)('in a browser, %s', { timeout: PATIENCE }, (path) => {
  it('is accessible on a phone and a desk, in the light and the dark scheme', async () => {
    await open(path);
    await page.evaluate(axe.source);
    for (const { width, colorScheme } of LOOKS) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
      expect({ width, colorScheme, found }).toEqual({ width, colorScheme, found: [] });
    }
  });

  it('never scrolls sideways, and leaves the console silent', async () => {
    await open(path);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const [needed, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect([width, needed]).toEqual([width, room]);
    }
    // The browser itself says that the lost page is lost.
    expect(said.filter((line) => !line.includes('404'))).toEqual([]);
  });
});

describe.each(PAGES.slice(0, -1))('with a keyboard or a screen reader, %s', { timeout: PATIENCE }, (path) => {
  it('has one heading of the first level, landmarks, and a link past the navigation', async () => {
    await open(path);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const)
      expect(await page.getByRole(role).count()).toBe(1);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
  });
});

describe('whoever looks', { timeout: PATIENCE }, () => {
  it.each(WIDTHS)('sees at once, without scrolling, that something is wrong and where, at %i px', async (width) => {
    await open('/', width);
    const link = page.getByRole('region', { name: /1 stuck of 24 pools/ }).getByRole('link', { name: BAD });
    expect((await link.boundingBox())?.y).toBeLessThan(400);
  });

  it('finds the way from the fleet to a pool, its task, its incident and back, without scripts', async () => {
    const plain = await browser.browser.newContext({ javaScriptEnabled: false });
    const page = await plain.newPage();
    await page.goto(`${pages.url}/?refresh=off`);
    await page.getByRole('row', { name: BAD }).first().getByRole('link', { name: BAD, exact: true }).click();
    expect(page.url()).toBe(`${pages.url}/probes/${BAD}`);
    const task = page.getByRole('link', { name: /^[\w-]{22}$/ }).first();
    expect(await task.getAttribute('href')).toMatch(/^https:\/\/firefox-ci-tc\.services\.mozilla\.com\/tasks\/[\w-]{22}$/);
    await page.getByRole('heading', { level: 3 }).getByRole('link').click();
    const story = page.getByRole('list', { name: /^Timeline/ }).getByRole('listitem');
    expect(await story.count()).toBe(2);
    await page.getByRole('link', { name: 'firefox-ci' }).click();
    expect(page.url()).toBe(`${pages.url}/`);
    await plain.close();
  });

  it('sees a waiting canary rise above all that were claimed', async () => {
    await open(`/probes/${BAD}`);
    const rising = await page.locator('.scatter path.waiting').boundingBox();
    const heights = await page
      .locator('.scatter circle')
      .evaluateAll((claims) => claims.map((claim) => claim.getBoundingClientRect().y));
    expect(heights.length).toBeGreaterThan(10);
    expect(Math.min(...heights)).toBeGreaterThan(rising?.y ?? 0);
  });

  it.each(WIDTHS)('can read every label of the charts, which no mark and no other label covers, at %i px', async (width) => {
    for (const [path, drawn] of [
      [`/probes/${BAD}`, 2],
      ['/probes/gecko-1/decision', 1],
    ] as const) {
      await open(path, width);
      expect(await page.locator('main figure .plot').count()).toBe(drawn);
      const boxes = (selector: string) =>
        page.locator(selector).evaluateAll((found) =>
          found.map((one) => {
            const { left, right, top, bottom } = one.getBoundingClientRect();
            return { what: one.textContent, left, right, top, bottom };
          }),
        );
      const labels = await boxes('main figure text');
      const marks = await boxes('.scatter circle, .scatter path, .scatter .stem, .bars rect');
      expect(labels.length).toBeGreaterThan(8);
      expect(marks.length).toBeGreaterThan(30);
      const covered = labels.flatMap((label, i) =>
        [...labels.slice(i + 1), ...marks]
          .filter((other) => label.left < other.right && other.left < label.right)
          .filter((other) => label.top + 1 < other.bottom && other.top + 1 < label.bottom)
          .map((other) => `${label.what}: ${other.what}`),
      );
      expect(covered).toEqual([]);
    }
  });

  it('keeps the place that was scrolled to when the page renews itself', async () => {
    const page = await browser.browser.newPage({ viewport: { width: 1024, height: 800 } });
    await page.route('**/probes/**', async (route) => {
      const response = await route.fetch();
      const { refresh, ...headers } = response.headers();
      expect(refresh).toBe('15');
      await route.fulfill({ response, headers: { ...headers, refresh: '1' } });
    });
    await page.goto(`${pages.url}/probes/${BAD}`);
    await page.evaluate(() => window.scrollTo(0, 700));
    const before = await page.evaluate(() => performance.timeOrigin);
    const origin = () => page.evaluate(() => performance.timeOrigin).catch(() => before);
    await expect.poll(origin, { timeout: PATIENCE / 2 }).not.toBe(before);
    await expect.poll(() => page.evaluate(() => window.scrollY).catch(() => 0), { timeout: PATIENCE / 2 }).toBe(700);
    await page.close();
  });
});
