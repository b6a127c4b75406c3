import type { Config } from '../evidence/probe.ts';
import type { Health } from '../health/health.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Ports } from '../ports.ts';
import { apiPages } from './api.ts';
import { healthPages } from './health-pages.ts';
import { metricsPage } from './metrics.ts';
import { htmlPages, missing } from './pages.ts';
import type { Reporter } from './reporter.ts';
import { problem, type Routes } from './routes.ts';

/** All that the service answers. */
export function servicePages(
  config: Config,
  { store }: Pick<Ports, 'store'>,
  { health, meter }: { health: Health; meter: Meter },
  reporter: Reporter,
): Routes {
  return {
    pages: {
      ...htmlPages(config, store, reporter),
      ...apiPages(config, store, reporter),
      ...metricsPage(health, meter, reporter),
      ...healthPages(health),
    },
    missing: (path) => (path.startsWith('/api/') ? problem(404, 'no such page') : missing()),
  };
}
