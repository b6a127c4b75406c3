import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../src/evidence/instant.ts';
import { storeOver } from '../src/store/store.ts';
import { openBrowser } from './support/browser.ts';
import { fleet, fleetNames } from './support/fleet.ts';
import { servePages } from './support/pages.ts';
import { emptyableStore } from './support/store.ts';

const BAD = 'gecko-3/decision';
const SILENCE = { match: 'comm-1/*', reason: 'new images', line: 12 };
const INCIDENT = `/incidents/firefox-ci/${encodeURIComponent(`probe:${BAD}`).replace('%2F', '/')}/${encodeURIComponent('2021-10-08T00:00:00Z')}`;
const PAGES = ['/', `/probes/${BAD}`, '/probes/gecko-1/decision', '/incidents', INCIDENT, '/silences', '/nowhere'];

const { db, path, empty } = await emptyableStore();
let opened: Awaited<ReturnType<typeof openBrowser>>;
let browser: Browser;
beforeAll(async () => {
  opened = await openBrowser();
  browser = opened.browser;
}, 60_000);
afterAll(() => opened.close());
beforeEach(empty);

async function served(stuck: Record<string, number> = { [BAD]: 34 * MINUTE }) {
  const store = storeOver(db, path);
  const now = Date.now();
  const silences = [{ ...SILENCE, until: now + 3 * HOUR }];
  const config = await fleet(store, { names: fleetNames(24), now, hours: 8, stuck, config: { silences } });
  return servePages(config, store);
}

interface Look {
  width?: number;
  colorScheme?: 'light' | 'dark';
  scripts?: boolean;
}

/** A page as somebody has it before them, and what its console said. */
async function shown(url: string, { width = 1024, colorScheme = 'light', scripts = true }: Look = {}) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, javaScriptEnabled: scripts });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(url);
  return { page, said, close: () => context.close() };
}

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

describe('in a browser, every page', () => {
  it.each<[number, 'light' | 'dark']>([
    [360, 'light'],
    [1024, 'dark'],
    [1024, 'light'],
  ])(
    'is accessible at %i px in the %s scheme',
    async (width, colorScheme) => {
      const { url } = await served();
      const { page, close } = await shown(url, { width, colorScheme });
      for (const path of PAGES) {
        await page.goto(url + path);
        await page.evaluate(axe.source);
        const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
        expect({ path, found }).toEqual({ path, found: [] });
      }
      await close();
    },
    120_000,
  );

  it.each([360, 1024, 2560])(
    'never scrolls sideways at %i px, and leaves the console silent',
    async (width) => {
      const { url } = await served();
      const { page, said, close } = await shown(url, { width });
      for (const path of PAGES) {
        await page.goto(url + path);
        const [needed, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        expect([path, needed]).toEqual([path, room]);
      }
      // The browser itself says that the lost page is lost.
      expect(said.filter((line) => !line.includes('404'))).toEqual([]);
      await close();
    },
    60_000,
  );

  it('has one heading of the first level, landmarks, and a link past the navigation', async () => {
    const { url } = await served();
    for (const path of PAGES.slice(0, -1)) {
      const { page, close } = await shown(url + path);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const)
        expect(await page.getByRole(role).count()).toBe(1);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
      await close();
    }
  });
});

describe('whoever looks', () => {
  it('sees at once, without scrolling, that something is wrong and where, on a phone too', async () => {
    const { url } = await served();
    for (const width of [360, 1024, 2560]) {
      const { page, close } = await shown(url, { width });
      for (const link of [page.getByRole('region', { name: /1 stuck of 24 pools/ }).getByRole('link', { name: BAD })])
        expect((await link.boundingBox())?.y).toBeLessThan(400);
      await close();
    }
  });

  it('finds the way from the fleet to a pool, its task, its incident and back, without scripts', async () => {
    const { url } = await served();
    const { page, close } = await shown(url, { scripts: false });
    await page.getByRole('row', { name: BAD }).first().getByRole('link', { name: BAD, exact: true }).click();
    expect(page.url()).toBe(`${url}/probes/${BAD}`);
    expect(
      await page
        .getByRole('link', { name: /^[\w-]{22}$/ })
        .first()
        .getAttribute('href'),
    ).toMatch(/^https:\/\/firefox-ci-tc\.services\.mozilla\.com\/tasks\/[\w-]{22}$/);
    await page.getByRole('heading', { level: 3 }).getByRole('link').click();
    expect(
      await page
        .getByRole('list', { name: /^Timeline/ })
        .getByRole('listitem')
        .count(),
    ).toBe(2);
    await page.getByRole('link', { name: 'firefox-ci' }).click();
    expect(page.url()).toBe(`${url}/`);
    await close();
  });

  it('sees a waiting canary rise above all that were claimed', async () => {
    const { url } = await served();
    const { page, close } = await shown(`${url}/probes/${BAD}`);
    const rising = await page.locator('.scatter path.waiting').boundingBox();
    const claims = await page.locator('.scatter circle').all();
    expect(claims.length).toBeGreaterThan(10);
    for (const claim of claims) expect((await claim.boundingBox())?.y).toBeGreaterThan(rising?.y ?? 0);
    await close();
  });

  it('keeps the place that was scrolled to when the page renews itself', async () => {
    const { url } = await served();
    const { page, close } = await shown(`${url}/probes/${BAD}`);
    await page.evaluate(() => window.scrollTo(0, 700));
    const before = await page.evaluate(() => performance.timeOrigin);
    await expect
      .poll(() => page.evaluate(() => performance.timeOrigin).catch(() => before), { timeout: 25_000 })
      .not.toBe(before);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(700);
    await close();
  }, 60_000);
});
