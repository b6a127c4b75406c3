import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { DAY, MINUTE } from '../../src/evidence/instant.ts';
import { storeOver } from '../../src/store/store.ts';
import { chartOf } from '../../src/views/chart/chart.ts';
import { report, reportQuery } from '../../src/views/report.ts';
import { dashboard } from '../../src/views/slack/dashboard.ts';
import { reportLines } from '../../src/views/terminal/report.ts';
import { colorsFor } from '../../src/views/terminal/text.ts';
import { openBrowser } from '../support/browser.ts';
import { openServed, standingAt } from '../support/pages.ts';
import { play } from '../support/play.ts';
import { emptyableStore } from '../support/store.ts';
import { END, pictured } from './night.ts';
import { slackHtml } from './slack.ts';
import { terminalHtml } from './terminal.ts';

const FOLDER = new URL('../../.pictures', import.meta.url).pathname;

const { db, path } = await emptyableStore();

/** Plays a day of a simulated deployment through the whole prober, and photographs what it then shows. */
it('the pictures of the README', async () => {
  const { config } = await play(db, pictured());
  const store = storeOver(db, path);
  const made = report(config, await store.load(), await store.history(reportQuery(config, END - DAY, END)), END - DAY, END);
  const pages = await openServed(config, store, { clock: standingAt(END) });
  const { browser, close } = await openBrowser();
  mkdirSync(FOLDER, { recursive: true });
  const keep = (name: string, picture: Uint8Array) => writeFileSync(join(FOLDER, `${name}.png`), picture);
  try {
    const page = await browser.newPage({ viewport: { width: 1120, height: 760 } });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${pages.url}/?refresh=off`);
      keep(`page-${colorScheme}`, await page.screenshot());
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1120, height: 1130 });
    await page.goto(`${pages.url}/probes/gecko-3/decision?refresh=off`);
    keep('pool', await page.screenshot());
    // A page of its own: that of the prober allows no styles but its own.
    const blank = await browser.newPage({ viewport: { width: 1500, height: 760 } });
    const chart = chartOf(made);
    if (chart === undefined) throw new Error('there is no chart');
    const { blocks } = dashboard(made, { next: END + 5 * MINUTE, alt: chart.alt }, { table: true, picture: 'F1' });
    await blank.setContent(slackHtml(blocks, await chart.draw()));
    keep('slack', await blank.locator('.post').screenshot());
    const lines = reportLines(made, colorsFor({}, { FORCE_COLOR: '1' }), 150);
    await blank.setContent(terminalHtml('tc-canary report --config probes/firefox-ci.yml', lines));
    keep('terminal', await blank.locator('.window').screenshot());
  } finally {
    await close();
    await pages.close();
  }
});
