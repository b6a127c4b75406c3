import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

interface Program {
  executablePath: string;
  env?: Record<string, string>;
}

/** A Chromium: the one that `TEST_CHROMIUM` names, else an installed one, else the one that npm has brought. */
export async function openBrowser(): Promise<{ browser: Browser; close: () => Promise<void> }> {
  const named = process.env['TEST_CHROMIUM'] || INSTALLED.find((path) => existsSync(path));
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-browser-'));
  const program = named === undefined ? await unpacked(folder) : { executablePath: named };
  const browser = await chromium.launch({ ...program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The package unpacks into the folder for temporary files, and brings its libraries only where it believes itself on Lambda. */
async function unpacked(folder: string): Promise<Program> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('no Chromium was found; set TEST_CHROMIUM to the path of one');
  const before = { ...process.env };
  try {
    Object.assign(process.env, { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x', TMPDIR: folder });
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = await packaged.executablePath();
    return { executablePath, env: { PATH: before['PATH'] ?? '', HOME: folder, ...runtime(folder) } };
  } finally {
    process.env = before;
  }
}

/** Its own font configuration names one folder for all. */
function runtime(folder: string): Record<string, string> {
  const file = join(folder, 'fonts.conf');
  const dirs = [join(folder, 'fonts'), '/usr/share/fonts'].map((dir) => `<dir>${dir}</dir>`).join('');
  const cache = `<cachedir>${join(folder, 'font-cache')}</cachedir>`;
  writeFileSync(file, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs}${cache}</fontconfig>`);
  return { FONTCONFIG_FILE: file, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
}
