import { UsageError } from '../io.ts';
import { gist } from '../notify/text.ts';
import type { Log } from '../ports.ts';
import { type Address, type Served, serveHttp } from './http.ts';
import type { Routes } from './routes.ts';

/** Loopback alone, since the answers tell of the deployment; in a pod it is set to `0.0.0.0:8080`. */
const DEFAULT: Address = { host: '127.0.0.1', port: 8080 };

/** `none`: nowhere. `asked`: exactly there. `default`: nobody said, so anywhere on the loopback will do. */
export type Listen = { where: 'none' } | { where: 'asked' | 'default'; address: Address };

const HOST_AND_PORT = /^(?:(?:\[(?<v6>[\da-f:.]+)\]|(?<name>[^\s:/[\]]+)):)?(?<port>\d{1,5})$/i;

/**
 * Reads `[host:]port` or `none`; without a host it is the loopback. Undefined and empty are as good as unset.
 * @throws {UsageError} where it is neither
 */
export function parseListen(text: string | undefined): Listen {
  if (text === undefined || text === '') return { where: 'default', address: DEFAULT };
  if (text === 'none') return { where: 'none' };
  const { v6, name, port } = HOST_AND_PORT.exec(text)?.groups ?? {};
  if (port === undefined || Number(port) > 65_535) {
    throw new UsageError(`--listen (TC_CANARY_LISTEN) cannot be "${gist(text)}"; write 8080, 0.0.0.0:8080, [::1]:8080 or none`);
  }
  return { where: 'asked', address: { host: v6 ?? name ?? DEFAULT.host, port: Number(port) } };
}

/**
 * Serves the pages there. Where nobody asked for the address, another program on its port costs the pages their usual place and not the
 * service its life.
 * @throws {UsageError} where it was asked for and cannot be had
 */
export async function listen(to: Listen, routes: Routes, log: Log): Promise<Served | undefined> {
  if (to.where === 'none') return undefined;
  const served = await serveHttp(to.address, routes).catch((error: unknown) => {
    const why = gist(error);
    if (to.where === 'asked') throw new UsageError(`cannot listen: ${why}; ${remedy(error)}`, { cause: error });
    log.warn({ why }, 'the usual port cannot be had; taking a free one. Set --listen (TC_CANARY_LISTEN) to choose, or to none');
    return serveHttp({ ...to.address, port: 0 }, routes);
  });
  log.info({ url: served.url }, 'the page is at this address, and what we say of our own health');
  return served;
}

function remedy(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'stop what listens there, or give --listen (TC_CANARY_LISTEN) another port';
  if (code === 'EACCES') return 'give --listen (TC_CANARY_LISTEN) a port from 1024 on';
  return 'give --listen (TC_CANARY_LISTEN) an address of this machine, such as 127.0.0.1:8080';
}
