import { beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { entry, everyMinutes } from '../support/judging.ts';
import { fleetNight, night, POOL } from '../support/nights.ts';
import { play, type Scenario, type Watched } from '../support/play.ts';
import { emptyableStore } from '../support/store.ts';
import { brokenFleetPromises, brokenPromises } from './promises.ts';

const { db, empty } = await emptyableStore();
beforeEach(empty);
// A test that ran out of time would play on in the next one's store.
vi.setConfig({ testTimeout: 240_000 });

const { start } = night();
/** The store is emptied at so many seconds after the night began. */
const lostAt = (seconds: number) => [{ from: start + seconds * SECOND, until: start + seconds * SECOND + 1 }];
/** A pod without a volume. */
const ALWAYS = [{ from: start, until: start + 2 * HOUR }];
const down = (from: number, until: number) => [{ from: start + from * SECOND, until: start + until * SECOND }];

const opened = ({ pages }: Watched) => pages.filter(({ what }) => what === 'opened').map(({ key }) => key);

async function keeps(scenario: Scenario): Promise<Watched> {
  const played = await play(db, scenario);
  expect(brokenPromises(scenario, played)).toEqual([]);
  expect(opened(played)).toHaveLength(1);
  expect(played.slack.posts).toHaveLength(1);
  return played;
}

describe('a store that is lost', () => {
  it.each([
    ['before anything is late', 30],
    ['between warning and page', 140],
    ['just after the page', 166],
    ['while the pool recovers', 370],
    ['when it has just recovered', 434],
  ])('%s changes nothing of what people hear', async (_when, seconds) => {
    await keeps(night({ storeLost: lostAt(seconds) }));
  });

  it.each([
    ['between warning and page', 200],
    ['when the page is out', 260],
    ['while the pool recovers', 450],
  ])('between two jobs, %s, changes nothing of what people hear', async (_when, seconds) => {
    await keeps(night({ mode: 'cron', storeLost: lostAt(seconds) }));
  });

  it('with an end that nobody was told yet is told all the same', async () => {
    const silence = down(425, 470);
    const played = await keeps(
      night({ storeLost: lostAt(445), slackDown: silence, pagerdutyDown: silence, length: 14 * MINUTE }),
    );
    expect(played.pages.at(-1)).toMatchObject({ what: 'resolved' });
  });

  it('while Slack cannot be read does not page twice either', async () => {
    await keeps(night({ storeLost: lostAt(260), slackDown: down(240, 300), length: 14 * MINUTE }));
  });

  it('when it is over says nothing again', async () => {
    const lived = night({ length: 22 * MINUTE });
    const before = await play(db, lived);
    await empty();
    const after = await keeps({ ...lived, storeLost: lostAt(18 * 60) });
    expect(after.slack.messages.map(({ text }) => text)).toEqual(before.slack.messages.map(({ text }) => text));
    expect(after.pages.filter(({ what }) => what !== 'dropped')).toEqual(before.pages);
  });

  it('twice, and its process with it, is made good twice', async () => {
    const storeLost = [...lostAt(200), ...lostAt(380)];
    await keeps(
      night({
        storeLost,
        kills: [{ kind: 'prober-killed', nth: 60, point: 'after', from: start, until: start + 4 * MINUTE }],
        length: 14 * MINUTE,
      }),
    );
  });

  it.each([150, 380])('at second %i leaves two probes of one pool their incidents', async (seconds) => {
    const thresholds = { warnAfter: MINUTE, pageAfter: 90 * SECOND };
    const probes = [
      entry(POOL, { schedule: everyMinutes(1), thresholds }),
      entry(POOL, { name: 'twice', schedule: everyMinutes(1), thresholds }),
    ];
    const plain = opened(await play(db, night({ probes })));
    await empty();
    const played = await play(db, night({ probes, storeLost: lostAt(seconds) }));
    expect(opened(played)).toEqual(plain);
    expect(played.pagerduty.open).toEqual([]);
    expect(played.slack.posts.map(({ text }) => text.includes('Resolved'))).toEqual(plain.map(() => true));
  });
});

describe('a store that is lost while pools are bad together', () => {
  it.each([
    ['service', 250],
    ['service', 640],
    ['cron', 250],
    ['cron', 640],
  ] as const)('leaves them one page and one message (%s, second %i)', async (mode, seconds) => {
    const played = await play(db, fleetNight({ mode, storeLost: lostAt(seconds) }));
    expect(brokenFleetPromises(played)).toEqual([]);
  });
});

describe('a job that finds its store empty every time', () => {
  it('pages once, keeps one message up to date, and ends both', async () => {
    const plain = await play(db, night({ mode: 'cron' }));
    await empty();
    const played = await keeps(night({ mode: 'cron', storeLost: ALWAYS }));
    expect(played.slack.messages.length).toBeLessThanOrEqual(plain.slack.messages.length + 1);
    expect(played.slack.posts[0]?.text).toContain('Resolved');
  });

  it('does so where pools go bad together', async () => {
    const played = await play(db, fleetNight({ mode: 'cron', storeLost: ALWAYS }));
    expect(brokenFleetPromises(played)).toEqual([]);
  });

  it('does not lose an outage at midnight', async () => {
    const late = start + 50 * MINUTE;
    const faults = [{ kind: 'pool-skipped' as const, pools: [POOL], from: late, until: late + 20 * MINUTE }];
    await keeps(night({ mode: 'cron', storeLost: ALWAYS, faults, length: 80 * MINUTE }));
  });
});
