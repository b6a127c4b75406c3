import { expect, test } from 'vitest';
import { Stage } from './bad-days/stage.ts';
import { emptyDatabase, urlOf } from './support/postgres.ts';

test('five processes that find an empty PostgreSQL at once set it up and submit one canary', async () => {
  const stage = await new Stage().open({ schedule: '* * * * *', warnAfter: '5m', pageAfter: '15m' });
  stage.env['TC_CANARY_STORE'] = urlOf(await emptyDatabase());
  const ended = await Promise.all(Array.from({ length: 5 }, () => stage.start('--once').ended));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(ended.flatMap(({ stderr }) => stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{')))).toEqual([]);
  expect(stage.world.truth.tasks.size).toBe(1);
  await stage.close();
}, 60_000);
