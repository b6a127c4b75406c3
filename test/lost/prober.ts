import type { Kysely } from 'kysely';
import { VirtualTime } from '../../src/drill/virtual-time.ts';
import type { RouteId } from '../../src/evidence/delivery.ts';
import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Config } from '../../src/evidence/probe.ts';
import { addressees } from '../../src/notify/routes.ts';
import { type Passed, pass } from '../../src/pass.ts';
import type { Channel } from '../../src/ports.ts';
import type { Tables } from '../../src/store/schema.ts';
import { storeOver } from '../../src/store/store.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../../src/taskcluster/door.ts';
import { worldCall } from '../../src/world/call.ts';
import type { World } from '../../src/world/world.ts';
import { silent } from '../support/values.ts';

/** One pass from the world's present instant on, by a process of its own. */
export async function passOver(
  db: Kysely<Tables>,
  world: World,
  config: Config,
  channels: ReadonlyMap<RouteId, Channel> = new Map(),
): Promise<Passed> {
  const time = new VirtualTime(world.now);
  const clock = time.clock();
  const call = worldCall(world, clock, { timeout: 30 * SECOND, advance: () => world.advanceTo(time.now) });
  const ports = { clock, taskcluster: taskclusterDoor(call, clock), store: storeOver(db, 'lost'), channels, log: silent };
  const rules = { draft: draftFor(config), addressees: addressees(config), groupWait: config.incidents.groupWait };
  let ended: Passed | undefined;
  void pass(ports, config, rules).then((passed) => {
    ended = passed;
  });
  await time.runUntil(time.now + MINUTE);
  if (ended === undefined) throw new Error('the pass has not ended within a minute');
  return ended;
}

/** All that the store knows of each probe's claims. */
export async function knownOf(db: Kysely<Tables>, names: readonly string[]) {
  const store = storeOver(db, 'lost');
  const { probes } = await store.load();
  return Promise.all(
    names.map(async (name) => {
      const { open, breach, chain, good, claims, firstClaimAt, recent, earned, lastSlot, lastClaim, tally, verdict } =
        probes.get(name) ?? {};
      const past = await store.canaries(name, 10_000);
      return {
        name,
        // Whether it was cold, only worker-manager tells, and that when it was claimed.
        past: past.map(({ start: _start, worker: _worker, ...canary }) => canary),
        open: open && { taskId: open.taskId, scheduled: open.scheduled },
        lastClaim: lastClaim && { at: lastClaim.at, ms: lastClaim.ms },
        counted: Object.values(tally?.claims ?? {}).reduce((sum, { buckets }) => sum + buckets.reduce((a, b) => a + b, 0), 0),
        late: tally?.late,
        unclaimed: tally?.unclaimed,
        verdict: verdict?.is,
        breach: breach && { since: breach.since, slot: breach.slot, level: breach.level, claimed: breach.claimed },
        ...{ chain, good, claims, firstClaimAt, recent, earned, lastSlot },
      };
    }),
  );
}

/** Hourly counts, whatever the start was: buckets of the sketch and how many were late. */
export async function countsOf(db: Kysely<Tables>, from: number, until: number) {
  const { rows } = await storeOver(db, 'lost').history({ since: from, until });
  const counts = new Map<string, { claimed: Map<number, number>; unclaimed: Map<number, number>; breaches: number }>();
  for (const { probe, at, sketch, breaches } of rows) {
    const key = `${probe} ${at}`;
    const sum = counts.get(key) ?? { claimed: new Map(), unclaimed: new Map(), breaches: 0 };
    for (const part of ['claimed', 'unclaimed'] as const)
      for (const [bucket, count] of sketch[part]) sum[part].set(bucket, (sum[part].get(bucket) ?? 0) + count);
    counts.set(key, { ...sum, breaches: sum.breaches + breaches });
  }
  const sorted = (map: Map<number, number>) => [...map].sort((a, b) => a[0] - b[0]);
  return [...counts]
    .map(([key, { claimed, unclaimed, breaches }]) => ({ key, claimed: sorted(claimed), unclaimed: sorted(unclaimed), breaches }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
