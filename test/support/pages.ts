import { onTestFinished } from 'vitest';
import { wallClock } from '../../src/clock.ts';
import type { Config } from '../../src/evidence/probe.ts';
import { Health } from '../../src/health/health.ts';
import { Meter } from '../../src/metrics/meter.ts';
import type { Clock, Store } from '../../src/ports.ts';
import { openPages } from '../../src/server/open.ts';
import { clockOf } from './clock.ts';
import { silent } from './values.ts';

interface Own {
  clock?: Clock;
  own?: { health?: Health; meter?: Meter };
}

/** Whenever and however long somebody looks, they look at one moment. */
export function standingAt(now: number): Clock {
  return clockOf(
    () => now,
    (_, stop) => new Promise((resolve) => stop?.addEventListener('abort', () => resolve(), { once: true })),
  );
}

/** All that the service answers, on a free port, over a store that a test has filled, until that test is over. */
export async function servePages(config: Config, store: Store, own: Own = {}) {
  const served = await openServed(config, store, own);
  onTestFinished(served.close);
  return served;
}

/** The same, until whoever asked for it closes it. */
export async function openServed(config: Config, store: Store, { clock = wallClock, own = {} }: Own = {}) {
  const { health = new Health(clock), meter = new Meter() } = own;
  const address = { host: '127.0.0.1', port: 0 };
  const served = await openPages({ where: 'asked', address }, config, { clock, store, log: silent }, { health, meter });
  if (served === undefined) throw new Error('nothing is served');
  return {
    url: served.url,
    close: () => served.close(),
    get: (path: string, init: RequestInit = {}) => fetch(served.url + path, init),
    async html(path: string) {
      return (await fetch(served.url + path)).text();
    },
    async json(path: string) {
      return (await fetch(served.url + path)).json();
    },
  };
}
