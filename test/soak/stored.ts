import type { Incident } from '../../src/evidence/incident.ts';
import type { PostgresPlace } from '../../src/evidence/place.ts';
import type { ProbeState } from '../../src/evidence/state.ts';
import type { PagerDutyModel } from '../../src/sandbox/receivers/pagerduty-model.ts';
import type { SlackModel } from '../../src/sandbox/receivers/slack-model.ts';
import { openPostgres } from '../../src/store/open.ts';
import { unpack } from '../../src/store/packing.ts';

/** What the store knows, as far as it is checked. */
export interface Stored {
  incidents: Incident[];
  deliveries: { incident: string; route: string; wanted: number; told: number }[];
  probes: ProbeState[];
  canaries: { task_id: string; stage: string; scheduled: number | null; started: number | null }[];
  /** By probe: how many observations fell into each bucket, claimed ones. */
  claimed: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** By probe: how many observations ended without a claim. */
  unclaimed: ReadonlyMap<string, number>;
}

export async function storedIn(place: PostgresPlace): Promise<Stored> {
  const db = await openPostgres(place);
  try {
    const snapshot = db.transaction().setAccessMode('read only');
    return await snapshot.execute(async (tx) => {
      const incidents = await tx.selectFrom('incidents').select('doc').execute();
      const deliveries = await tx.selectFrom('deliveries').select(['incident', 'route', 'wanted', 'told']).execute();
      const probes = await tx.selectFrom('probes').select('doc').execute();
      const canaries = await tx.selectFrom('canaries').select(['task_id', 'stage', 'scheduled', 'started']).execute();
      const counts = await tx.selectFrom('counts').selectAll().where('span', '=', 'day').execute();
      const claimed = new Map<string, Map<number, number>>();
      const unclaimed = new Map<string, number>();
      for (const row of counts) {
        const buckets = claimed.get(row.probe) ?? new Map<number, number>();
        for (const [bucket, count] of unpack(row.claimed)) buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
        claimed.set(row.probe, buckets);
        for (const count of unpack(row.unclaimed).values()) unclaimed.set(row.probe, (unclaimed.get(row.probe) ?? 0) + count);
      }
      return {
        incidents: incidents.map(({ doc }): Incident => JSON.parse(doc)),
        deliveries,
        probes: probes.map(({ doc }): ProbeState => JSON.parse(doc)),
        canaries,
        claimed,
        unclaimed,
      };
    });
  } finally {
    await db.destroy();
  }
}

/** Everything is over and everybody was told. */
export function isSettled({ incidents, deliveries }: Stored, slack: SlackModel, pagerduty: PagerDutyModel): boolean {
  return (
    pagerduty.open.length === 0 &&
    incidents.every(({ ended }) => ended !== undefined) &&
    deliveries.every(({ wanted, told }) => wanted === told) &&
    slack.posts.every(
      ({ text, metadata }) => metadata?.event_type !== 'tc_canary_incident' || /Resolved|Withdrawn|Folded/.test(text),
    )
  );
}
