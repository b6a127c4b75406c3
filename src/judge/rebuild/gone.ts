import type { Docket } from '../docket.ts';
import { payloadFor } from '../probes.ts';

/**
 * A pool that had canaries, whose payload worker-manager alone could tell, was known to it once, though all that we knew of it is lost: it is
 * gone, and not a name that was never right.
 */
export function markGone(docket: Docket): void {
  for (const probe of docket.probes) {
    const record = docket.pools.get(probe.pool);
    const state = docket.states.get(probe.name);
    if (record === undefined || record.at === 0 || record.info !== undefined || record.gone !== undefined) continue;
    if (payloadFor(probe, record) !== undefined || (state?.lastEnd === undefined && state?.open === undefined)) continue;
    docket.putPool({ ...record, gone: { since: record.at } });
  }
}
