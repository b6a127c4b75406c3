import { beforeEach, expect, it } from 'vitest';
import type { Change } from '../../src/evidence/change.ts';
import type { RouteId } from '../../src/evidence/delivery.ts';
import type { Standing } from '../../src/evidence/fact.ts';
import { MINUTE } from '../../src/evidence/instant.ts';
import type { Channel } from '../../src/ports.ts';
import { storeOver } from '../../src/store/store.ts';
import { World } from '../../src/world/world.ts';
import { configOf, entry } from '../support/judging.ts';
import { emptyableStore } from '../support/store.ts';
import { DAY_ZERO, incidentChange, poolIncident } from '../support/values.ts';
import { passOver } from './prober.ts';

const { db, empty } = await emptyableStore();
beforeEach(empty);

const POOL = 'built-in/succeed';

it('an incident that the store knows to be over is none of those that a channel tells of later', async () => {
  const world = new World({ seed: 1, start: DAY_ZERO, pools: [] });
  const config = { ...configOf([entry(POOL)]), deployment: 'test' };
  let shown: Standing[] | undefined;
  const channel: Channel = { tell: async () => ({ as: 'accepted', ref: '{}', more: false }), standing: async () => shown };
  const channels = new Map<RouteId, Channel>([['slack:C1', channel]]);
  await passOver(db, world, config, channels);

  const store = storeOver(db, 'lost');
  const over = poolIncident({
    id: `test/probe:${POOL}/2021-10-08T00:00:00Z`,
    anchor: `probe:${POOL}`,
    ended: world.now,
    end: 'resolved',
  });
  const changes: Change[] = [incidentChange(over, []), { kind: 'closed', incident: over }];
  await store.commit((await store.load()).revision, changes);
  const lost = `test/probe:${POOL}/2021-10-07T22:00:00Z`;
  shown = [over.id, lost].map((id) => ({ id, probes: [] }));
  world.advanceTo(world.now + 2 * MINUTE);
  await passOver(db, world, config, channels);

  const told = new Map((await store.incidents(0)).map((incident) => [incident.id, incident]));
  expect(told.get(lost)).toMatchObject({
    end: 'resolved',
    timeline: [{ text: expect.stringContaining('while our store was lost') }],
  });
  expect(told.get(over.id)).toEqual(over);
});
