import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LivedCanary } from '../../src/evidence/canary.ts';
import type { Change } from '../../src/evidence/change.ts';
import { DAY, HOUR, MINUTE } from '../../src/evidence/instant.ts';
import { Alarms } from '../../src/judge/replay/alarms.ts';
import { beatsOf } from '../../src/judge/replay/lived.ts';
import { Replay } from '../../src/judge/replay/replay.ts';
import type { Surroundings } from '../../src/judge/replay/surroundings.ts';
import { storeOver } from '../../src/store/store.ts';
import { ADDRESSES, configOf, entry } from '../support/judging.ts';
import { ENGINES, emptyableStore } from '../support/store.ts';
import { DAY_ZERO } from '../support/values.ts';

const POOL = 'gecko-3/decision';
const NOTHING: Surroundings = { pools: new Map(), silences: new Map(), gaps: [], queues: [], stalls: [] };

/** One canary after the other, each pending for so many minutes and then claimed or cancelled by somebody. */
function historyOf(waits: readonly { minutes: number; claimed: boolean }[]): LivedCanary[] {
  let slot = DAY_ZERO;
  return waits.map(({ minutes, claimed }, i) => {
    const scheduled = slot + 1000;
    const ended = scheduled + minutes * MINUTE;
    const canary = { probe: POOL, pool: POOL, taskId: `task-${i}`, slot, scheduled, ended };
    slot = Math.ceil((ended + 1) / (15 * MINUTE)) * 15 * MINUTE;
    return claimed ? { ...canary, stage: 'claimed', started: ended } : { ...canary, stage: 'censored', reason: 'canceled' };
  });
}

const histories = fc.array(fc.record({ minutes: fc.integer({ min: 0, max: 120 }), claimed: fc.boolean() }), { maxLength: 30 });

function pagesWith(canaries: readonly LivedCanary[], pageAfter: number, around: Partial<Surroundings> = {}) {
  const config = configOf([entry(POOL, { thresholds: { warnAfter: 5 * MINUTE, pageAfter } })]);
  const rules = {
    addressees: (_probe: unknown, level: 'warn' | 'page') => ADDRESSES[level],
    groupWait: config.incidents.groupWait,
  };
  const alarms = new Alarms();
  const replay = new Replay(config, rules, { ...NOTHING, ...around }, DAY_ZERO - DAY, (revised) => alarms.hear(revised));
  replay.play(beatsOf(canaries), DAY_ZERO + 10 * DAY);
  return alarms.until(DAY_ZERO + 10 * DAY).flatMap(({ told }) => told.page ?? []);
}

describe('a replay', () => {
  it('never pages earlier, nor where there was no page, with a longer pageAfter', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 5, max: 60 }), fc.integer({ min: 0, max: 60 }), (waits, short, more) => {
        const canaries = historyOf(waits);
        const [first = Number.POSITIVE_INFINITY] = pagesWith(canaries, short * MINUTE);
        const [later = Number.POSITIVE_INFINITY] = pagesWith(canaries, (short + more) * MINUTE);
        expect(later).toBeGreaterThanOrEqual(first);
      }),
      { numRuns: 300 },
    );
  });

  it('pages nobody of what was known to be a mere queue, and of nothing that no longer waits once the queue answers', () => {
    const late = historyOf([{ minutes: 60, claimed: true }]);
    const whole = { from: DAY_ZERO, until: DAY_ZERO + 2 * HOUR };
    expect(pagesWith(late, 20 * MINUTE)).toEqual([DAY_ZERO + 1000 + 20 * MINUTE + 30_000]);
    expect(pagesWith(late, 20 * MINUTE, { queues: [{ probe: POOL, ...whole }] })).toEqual([]);
    expect(pagesWith(late, 20 * MINUTE, { gaps: [whole] })).toEqual([]);
  });
});

describe.each(ENGINES)('on %s', (engine) => {
  it('canaries of some probes and a stretch of slots are read as they were kept', async () => {
    const { db } = await emptyableStore(engine);
    const store = storeOver(db, 'lived');
    const canaries = historyOf([
      { minutes: 1, claimed: true },
      { minutes: 30, claimed: false },
      { minutes: 2, claimed: true },
    ]);
    const kept = { schedulerId: 's', taskGroupId: 'g', deadline: DAY_ZERO + DAY };
    const changes = canaries.map((canary): Change => ({ kind: 'canary', canary: { ...canary, ...kept } }));
    expect(await store.commit(0, changes)).toBe('committed');
    const [first, second] = canaries;
    expect(await store.lived([POOL, 'another'], DAY_ZERO, canaries[2]?.slot ?? 0)).toEqual([first, second]);
    expect(await store.lived(['another'], DAY_ZERO, DAY_ZERO + DAY)).toEqual([]);
  });
});
