import { iso } from '../../src/evidence/instant.ts';
import { bucketOf } from '../../src/stats/sketch.ts';
import { type Life, type Lives, overAt } from '../support/lives.ts';
import type { Able } from './able.ts';
import { INTERVAL, POOLS, SECOND_EDITION, slotsBetween } from './deployment.ts';
import { slackOf } from './form.ts';
import type { Soaked } from './soak.ts';

/** A slot that no canary in flight stands for has one of its own, or a newer one, within an interval of time in which that could be done. */
export function inTime(lives: Lives, able: Able, { form, start, end, ledger }: Soaked): string[] {
  return POOLS.flatMap((probe) => {
    const canaries = lives.get(probe) ?? [];
    if (canaries.length === 0) return [`${probe} never had a canary`];
    const from = probe.endsWith('comes') ? (canaries[0]?.slot ?? start) : start;
    const stays = SECOND_EDITION.some(({ pool }) => pool === probe);
    const until = stays ? end : (canaries.at(-1)?.slot ?? end);
    const standsFor = (slot: number) => canaries.some((canary) => canary.slot <= slot && slot < overAt(canary));
    const missed = slotsBetween(probe, from - 1, until).filter((slot) => !standsFor(slot));
    const made = [
      ...missed.map((slot) => ({ slot, at: canaries.find((canary) => canary.slot >= slot)?.created ?? end })),
      ...canaries.map(({ slot, created }) => ({ slot, at: created })),
    ];
    const late = made.filter(({ slot, at }) => able.within(slot, at) > INTERVAL + slackOf(form));
    return late.map(({ slot, at }) => `${probe}, slot ${ledger.clock(slot)}: nothing was submitted before ${ledger.clock(at)}`);
  });
}

/** How many observations the canaries make: each its own wait, and that of every slot skipped for it. Milliseconds; censored ones are counted. */
function observed(probe: string, canaries: readonly Life[]): { claimed: Map<number, number>; unclaimed: number } {
  const claimed = new Map<number, number>();
  let unclaimed = 0;
  for (const canary of canaries) {
    const { slot, scheduled = slot } = canary;
    const end = overAt(canary);
    for (const since of [scheduled, ...slotsBetween(probe, slot, end)]) {
      const bucket = bucketOf(end - since);
      if (canary.claimed === undefined) unclaimed++;
      else claimed.set(bucket, (claimed.get(bucket) ?? 0) + 1);
    }
  }
  return { claimed, unclaimed };
}

/**
 * What the store has counted is what really happened, to the bucket. A probe that has left the configuration, or comes with the second one, is
 * left out: a process of the other edition, which may take in its claim, cannot know its slots.
 */
export function countsAgree(lives: Lives, { stored }: Soaked): string[] {
  const open = new Set(stored.probes.flatMap((probe) => (probe.open === undefined ? [] : [probe.open.taskId])));
  const lasting = SECOND_EDITION.filter(({ pool }) => !pool.endsWith('comes'));
  return lasting.flatMap(({ pool: probe }) => {
    const ended = (lives.get(probe) ?? []).filter(({ taskId }) => !open.has(taskId));
    const truth = observed(probe, ended);
    const counted = stored.claimed.get(probe) ?? new Map<number, number>();
    const buckets = new Set([...truth.claimed.keys(), ...counted.keys()]);
    const unequal = [...buckets].filter((bucket) => truth.claimed.get(bucket) !== counted.get(bucket));
    const [sum, stands] = [truth.claimed, counted].map((counts) => [...counts.values()].reduce((a, b) => a + b, 0));
    const unclaimed = stored.unclaimed.get(probe) ?? 0;
    return unequal.length === 0 && unclaimed === truth.unclaimed
      ? []
      : [`${probe}: ${stands} claims and ${unclaimed} without one are counted, ${sum} and ${truth.unclaimed} there were`];
  });
}

/** Every canary that the queue had is in the store as the queue has it, once it has ended. */
export function historyAgrees(lives: Lives, { stored }: Soaked): string[] {
  const known = new Map(stored.canaries.map((row) => [row.task_id, row]));
  const open = new Set(stored.probes.flatMap((probe) => (probe.open === undefined ? [] : [probe.open.taskId])));
  return [...lives.values()].flat().flatMap(({ taskId, probe, slot, scheduled, claimed }) => {
    if (open.has(taskId)) return [];
    const row = known.get(taskId);
    const agrees = row?.scheduled === scheduled && row?.started === claimed && row?.stage === 'claimed';
    return agrees ? [] : [`${probe}: the store has the canary of ${iso(slot)} as ${row?.stage ?? 'nothing'}`];
  });
}
