import type { Config } from '../evidence/probe.ts';
import type { Health } from '../health/health.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Ports } from '../ports.ts';
import type { Served } from './http.ts';
import { type Listen, listen } from './listen.ts';
import { Reporter } from './reporter.ts';
import { servicePages } from './table.ts';

/**
 * Serves all that the service answers, until closed; undefined where nobody wants it. The store must outlive it.
 * @throws {UsageError} where the address was asked for and cannot be had
 */
export async function openPages(
  to: Listen,
  config: Config,
  ports: Pick<Ports, 'clock' | 'store' | 'log'>,
  own: { health: Health; meter: Meter },
): Promise<Served | undefined> {
  const reporter = new Reporter(config, ports);
  const served = await listen(to, servicePages(config, ports, own, reporter), ports.log);
  if (served === undefined) return undefined;
  const closing = new AbortController();
  const keeping = reporter.keep(closing.signal);
  return {
    url: served.url,
    async close() {
      closing.abort();
      await served.close();
      await keeping;
    },
  };
}
