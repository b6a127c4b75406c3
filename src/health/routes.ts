import type { Findings, Health } from './health.ts';
import { jsonPage, type Page, type Routes } from './serve.ts';

/** What the service answers about itself: 200 where all is well, 503 where not, and why in JSON. */
export function healthRoutes(health: Health): Routes {
  return {
    '/livez': () => pageOf(health.liveness()),
    '/readyz': () => pageOf(health.readiness()),
    '/healthz': () => pageOf(health.health()),
  };
}

/** A table with a first page, which lists the others. */
export function withIndex(routes: Routes): Routes {
  return { '/': () => jsonPage(200, { pages: Object.keys(routes) }), ...routes };
}

function pageOf({ ok, checks }: Findings): Page {
  return jsonPage(ok ? 200 : 503, { status: ok ? 'ok' : 'failing', checks });
}
