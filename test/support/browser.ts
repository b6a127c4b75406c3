import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A Chromium: the one that `TEST_CHROMIUM` names, else an installed one, else the one that npm has brought. */
export async function openBrowser(): Promise<{ browser: Browser; close: () => Promise<void> }> {
  const named = process.env['TEST_CHROMIUM'] || INSTALLED.find((path) => existsSync(path));
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-browser-'));
  const executablePath = named ?? (await unpacked(folder));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The package unpacks into the folder for temporary files, and brings its libraries only where it believes itself on Lambda. */
async function unpacked(folder: string): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('no Chromium was found; set TEST_CHROMIUM to the path of one');
  const { TMPDIR } = process.env;
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs20.x';
  process.env['TMPDIR'] = folder;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    packaged.setGraphicsMode = false;
    return await packaged.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  }
}
