import type { Findings, Health } from '../health/health.ts';
import { jsonPage, type Page, type Routes } from './routes.ts';

/** What the service answers about itself: 200 where all is well, 503 where not, and why in JSON. */
export function healthPages(health: Health): Routes['pages'] {
  return {
    '/livez': () => pageOf(health.liveness()),
    '/readyz': () => pageOf(health.readiness()),
    '/healthz': () => pageOf(health.health()),
  };
}

function pageOf({ ok, checks }: Findings): Page {
  return jsonPage(ok ? 200 : 503, { status: ok ? 'ok' : 'failing', checks });
}
