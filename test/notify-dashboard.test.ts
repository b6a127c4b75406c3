import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sight } from '../src/evidence/board.ts';
import type { Told } from '../src/evidence/delivery.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { Secret } from '../src/evidence/secret.ts';
import { SlackBoard } from '../src/notify/slack/dashboard/board.ts';
import { openSlack } from '../src/notify/slack/open.ts';
import type { Board } from '../src/ports.ts';
import type { Fault } from '../src/sandbox/receivers/faults.ts';
import type { Served } from '../src/sandbox/receivers/http.ts';
import { serveSlack } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { chartOf } from '../src/views/chart/chart.ts';
import { dashboard } from '../src/views/slack/dashboard.ts';
import { keptLog } from './notify-incidents.ts';
import { clockOf } from './support/clock.ts';
import { healthy, NOW, reportOf, stuck } from './support/reports.ts';

const TOKEN = 'xoxb-very-secret';
let now = NOW;
let log: ReturnType<typeof keptLog>;
let model: SlackModel;
let served: Served;
let board: Board;
let kept: string[];

/** Time passes only while somebody sleeps. */
const clock = clockOf(
  () => now,
  async (instant) => {
    now = Math.max(now, instant);
  },
);

interface Setting {
  scopes?: string[];
  tables?: boolean;
  examining?: number;
  member?: boolean;
}

async function open({ scopes, member = true, ...more }: Setting = {}): Promise<void> {
  await served?.close();
  log = keptLog();
  kept = [];
  model = new SlackModel({ clock, token: TOKEN, channels: { C1: { member } }, ...(scopes && { scopes }), ...more });
  served = await serveSlack(model, { port: 0 });
  board = await another();
}

/** What another process, or one with another store, has. */
async function another(deployment = 'firefox-ci'): Promise<Board> {
  const call = await openSlack({ token: new Secret(TOKEN), apiUrl: `${served.url}/api/`, log, timeout: 800 });
  return new SlackBoard({ call, deployment, channel: 'C1', clock, log, stop: new AbortController().signal });
}

beforeEach(async () => {
  now = NOW;
  await open();
});
afterEach(() => served.close());

const report = () => reportOf([healthy('gecko-3/decision'), healthy('gecko-1/decision')]);
const worse = () => reportOf([stuck('gecko-3/decision'), healthy('gecko-1/decision')]);

function sightOf(made = report()): Sight {
  const picture = chartOf(made);
  return { compose: (look) => dashboard(made, { alt: 'chart' }, look), ...(picture && { picture }) };
}

const show = (sight: Sight, ref?: string, by = board): Promise<Told> => by.show(sight, ref, async (one) => void kept.push(one));

async function shown(sight: Sight, ref?: string, by = board): Promise<string> {
  const told = await show(sight, ref, by);
  if (told.as !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(told)}`);
  return told.ref;
}

const error = (code: string, only: string): Fault => ({
  only,
  applied: false,
  answer: { status: 200, body: JSON.stringify({ ok: false, error: code }) },
});
const typesIn = (at = 0) => (model.posts[at]?.blocks ?? []).map((block) => (block as { type: string }).type);
const pictureOf = (at = 0) => JSON.stringify(model.posts[at]?.blocks).match(/F0CANARY\d+/)?.[0];

describe('the dashboard', () => {
  it('is one message, pinned, with a table and a picture, and edited in place', async () => {
    const ref = await shown(sightOf());
    expect(typesIn()).toEqual(['header', 'table', 'image', 'context']);
    expect(model.pins).toEqual([model.posts[0]?.ts]);
    await shown(sightOf(worse()), ref);
    expect(model.posts).toHaveLength(1);
    expect(model.posts[0]?.text).toMatch(/^🔴 firefox-ci: 1 stuck, 1 fine\n/);
    expect(model.pins).toHaveLength(1);
  });

  it('is found by its pin once all memory of it is lost, and by its mark where nothing may be read of pins', async () => {
    await shown(sightOf());
    await shown(sightOf(worse()));
    expect([model.posts.length, model.posts[0]?.text]).toEqual([1, expect.stringContaining('1 stuck')]);
    model.faults.put(error('missing_scope', 'pins.list'));
    await shown(sightOf());
    expect([model.posts.length, model.posts[0]?.text]).toEqual([1, expect.stringContaining('claim in time')]);
  });

  it('is found among a thousand newer messages, and is not taken for that of another deployment', async () => {
    await shown(sightOf(), undefined, await another('community'));
    await shown(sightOf());
    for (let i = 0; i < 1_010; i++) model.handle('chat.postMessage', TOKEN, { channel: 'C1', text: 'chatter' });
    await shown(sightOf(worse()));
    const [other, ours] = model.posts;
    expect([other?.text, ours?.text]).toEqual([expect.stringMatching(/^🟢/), expect.stringMatching(/^🔴/)]);
    expect(model.posts.filter(({ text }) => text !== 'chatter')).toHaveLength(2);
  });

  it('is posted again, and pinned, where somebody has deleted it', async () => {
    const ref = await shown(sightOf());
    model.handle('chat.delete', TOKEN, { channel: 'C1', ts: model.posts[0]?.ts });
    await shown(sightOf(), ref);
    expect(model.posts).toHaveLength(1);
    expect(model.pins).toEqual([model.posts[0]?.ts]);
  });

  it.each(['edit_window_closed', 'cant_update_message'])(
    'takes the place of one that can be edited no more: %s',
    async (code) => {
      const ref = await shown(sightOf());
      const old = model.posts[0]?.ts;
      model.faults.put(error(code, 'chat.update'));
      await shown(sightOf(), ref);
      expect(model.posts).toHaveLength(1);
      expect(model.posts[0]?.ts).not.toBe(old);
      expect(model.pins).toEqual([model.posts[0]?.ts]);
    },
  );

  it('at least unpins the old one where it may not delete it', async () => {
    const ref = await shown(sightOf());
    model.faults.put(error('edit_window_closed', 'chat.update'), error('cant_delete_message', 'chat.delete'));
    await shown(sightOf(), ref);
    expect(model.posts).toHaveLength(2);
    expect(model.pins).toEqual([model.posts[1]?.ts]);
  });

  it('is pinned again a day after somebody unpinned it, and not before', async () => {
    const ref = await shown(sightOf());
    model.pins.length = 0;
    now += HOUR;
    const later = await shown(sightOf(), ref);
    expect(model.pins).toEqual([]);
    now += DAY;
    await shown(sightOf(), later);
    expect(model.pins).toHaveLength(1);
  });

  it('does without a pin where it may not pin', async () => {
    await open({ scopes: ['chat:write', 'channels:history', 'files:write', 'files:read'] });
    const ref = await shown(sightOf());
    await shown(sightOf(), ref);
    expect(model.posts).toHaveLength(1);
    expect(log.lines.filter((line) => line.includes('cannot be pinned'))).toHaveLength(1);
  });

  it('that was posted without an answer is found the next time', async () => {
    model.faults.put({ only: 'chat.postMessage', applied: true, answer: 'reset' });
    expect(await show(sightOf())).toMatchObject({ as: 'unsure' });
    await shown(sightOf());
    expect(model.posts).toHaveLength(1);
  });

  it('of two probers with stores of their own is one', async () => {
    const other = await another();
    await Promise.all([shown(sightOf()), shown(sightOf(), undefined, other)]);
    expect(model.posts).toHaveLength(1);
    expect(model.pins).toEqual([model.posts[0]?.ts]);
  });

  it('waits as long as Slack asks, and says what to mend where it is refused', async () => {
    model.faults.put({ only: 'pins.list', applied: false, answer: { status: 429, headers: { 'retry-after': '7' } } });
    expect(await show(sightOf())).toMatchObject({ as: 'later', after: 7 * SECOND });
    await open({ member: false });
    expect(await show(sightOf())).toMatchObject({ as: 'refused', why: expect.stringContaining('invite the bot to the channel') });
  });
});

describe('the table', () => {
  it('is lines of code in a workspace that has no tables, which is tried again a day later', async () => {
    await open({ tables: false });
    const ref = await shown(sightOf());
    expect(typesIn()).toEqual(['header', 'section', 'image', 'context']);
    const refusals = () => log.lines.filter((line) => line.includes("dashboard's table")).length;
    expect(refusals()).toBe(1);
    now += HOUR;
    const later = await shown(sightOf(), ref);
    expect(refusals()).toBe(1);
    now += DAY;
    await shown(sightOf(), later);
    expect(refusals()).toBe(2);
  });

  it('and everything else goes where Slack takes no blocks at all', async () => {
    model.faults.put(error('invalid_blocks', 'chat.postMessage'), error('invalid_blocks', 'chat.postMessage'));
    await show(sightOf());
    expect(log.lines.some((line) => line.includes("dashboard's blocks"))).toBe(true);
    expect(model.posts[0]?.text).toMatch(/^🟢/);
  });
});

describe('the picture', () => {
  it('is uploaded anew where it has changed, and the old one is deleted: none pile up', async () => {
    const ref = await shown(sightOf());
    const first = pictureOf();
    expect(model.files.map(({ id, alt }) => [id, alt])).toEqual([[first, expect.stringContaining('Time to claim of 2 pools')]]);
    expect(model.files[0]?.content?.subarray(1, 4).toString()).toBe('PNG');
    const same = await shown(sightOf(), ref);
    expect(pictureOf()).toBe(first);
    await shown(sightOf(worse()), same);
    expect(pictureOf()).not.toBe(first);
    expect(model.files.map(({ id }) => id)).toEqual([pictureOf()]);
  });

  it('is shown once Slack has examined it', async () => {
    await open({ examining: 5 * SECOND });
    await shown(sightOf());
    expect(typesIn()).toContain('image');
    expect(now - NOW).toBeGreaterThanOrEqual(5 * SECOND);
  });

  it('is left out where Slack takes too long, and none is left lying about', async () => {
    await open({ examining: MINUTE });
    await shown(sightOf());
    expect(typesIn()).not.toContain('image');
    expect(model.files).toEqual([]);
  });

  it('is left out where a message with it is refused, and tried again an hour later', async () => {
    await open({ scopes: ['chat:write', 'channels:history', 'pins:read', 'pins:write', 'files:write'], examining: 20 * SECOND });
    const ref = await shown(sightOf());
    expect(typesIn()).toEqual(['header', 'table', 'context']);
    expect(model.files).toEqual([]);
    now += MINUTE;
    const later = await shown(sightOf(), ref);
    expect(typesIn()).not.toContain('image');
    now += HOUR;
    await shown(sightOf(), later);
    expect(log.lines.filter((line) => line.includes("dashboard's picture"))).toHaveLength(2);
  });

  it.each([
    ['the scope is lacking', { scopes: ['chat:write', 'channels:history', 'pins:read', 'pins:write'] }],
    ['the upload fails', {}],
  ])('is not missed where %s', async (what, setting) => {
    await open(setting);
    if (what === 'the upload fails') model.faults.put({ only: 'upload', applied: false, answer: { status: 500 } });
    await shown(sightOf());
    expect(typesIn()).toEqual(['header', 'table', 'context']);
  });

  it('is not missed where it cannot be drawn, as where the renderer is not installed', async () => {
    const sight = sightOf();
    const draw = () => Promise.reject(new Error("Cannot find package '@resvg/resvg-js'"));
    await shown({ ...sight, picture: { digest: 'x', alt: 'chart', draw } });
    expect(typesIn()).toEqual(['header', 'table', 'context']);
    expect(log.lines.join('\n')).toContain('Cannot find package');
  });

  it('of a process that died after its upload is cleared away by the next', async () => {
    const ref = await shown(sightOf());
    model.faults.put({ only: 'chat.update', applied: false, answer: 'reset' });
    expect(await show(sightOf(worse()), ref)).toMatchObject({ as: 'unsure' });
    expect(model.files).toHaveLength(2);
    await shown(sightOf(worse()), kept.at(-1));
    expect(model.files.map(({ id }) => id)).toEqual([pictureOf()]);
  });

  it('of a message that was found again is known by the message', async () => {
    await shown(sightOf());
    await shown(sightOf(worse()));
    expect(model.files.map(({ id }) => id)).toEqual([pictureOf()]);
  });
});

describe('a digest', () => {
  const compose = () => dashboard(report(), {}, { table: true });

  it('that may have been posted is looked for first', async () => {
    model.faults.put({ only: 'chat.postMessage', applied: true, answer: 'reset' });
    expect(await board.post('2021-10-09', compose, false)).toMatchObject({ as: 'unsure' });
    expect(await board.post('2021-10-09', compose, true)).toMatchObject({ as: 'accepted' });
    expect(model.posts).toHaveLength(1);
    await board.post('2021-10-16', compose, true);
    expect(model.posts).toHaveLength(2);
  });

  it('is never taken for the dashboard', async () => {
    await board.post('2021-10-09', compose, false);
    await shown(sightOf());
    expect(model.posts).toHaveLength(2);
  });
});
