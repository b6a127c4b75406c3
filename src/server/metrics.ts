import type { Health } from '../health/health.ts';
import type { Meter } from '../metrics/meter.ts';
import { metricsText } from '../metrics/text.ts';
import { OPEN_METRICS_TYPE, TEXT_TYPE } from '../views/metrics/exposition.ts';
import type { Reporter } from './reporter.ts';
import type { Routes } from './routes.ts';

/** What Prometheus scrapes, in the format that it asks for. */
export function metricsPage(health: Health, meter: Meter, reporter: Reporter): Routes['pages'] {
  return {
    '/metrics': async ({ accept }) => {
      const open = accept.includes('application/openmetrics-text');
      const { report } = await reporter.seen();
      const body = metricsText(report, health.lastPass, meter, open);
      return { status: 200, type: open ? OPEN_METRICS_TYPE : TEXT_TYPE, body };
    },
  };
}
