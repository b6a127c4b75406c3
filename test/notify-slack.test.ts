import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Told } from '../src/evidence/delivery.ts';
import type { Incident } from '../src/evidence/incident.ts';
import { MINUTE } from '../src/evidence/instant.ts';
import { Secret } from '../src/evidence/secret.ts';
import { slackChannel } from '../src/notify/slack/channel.ts';
import { openSlack } from '../src/notify/slack/open.ts';
import type { Channel } from '../src/ports.ts';
import type { Fault } from '../src/sandbox/receivers/faults.ts';
import type { Served } from '../src/sandbox/receivers/http.ts';
import { serveSlack } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { mentionsIn, renderSlackMessage } from '../src/sandbox/receivers/slack-render.ts';
import { andThen, cannotAsk, entry, fleet, keptLog, membersOf, messageOf, NIGHT, resolved, stuck } from './notify-incidents.ts';

const TOKEN = 'xoxb-very-secret';
const now = NIGHT + 17 * MINUTE;
let log: ReturnType<typeof keptLog>;
let model: SlackModel;
let served: Served;
let channel: Channel;

async function open(change: { scopes?: string[]; channel?: string; archived?: boolean } = {}): Promise<void> {
  await served?.close();
  const { scopes, archived = false } = change;
  log = keptLog();
  model = new SlackModel({ clock: { now: () => now }, token: TOKEN, channels: { C1: { archived } }, ...(scopes && { scopes }) });
  served = await serveSlack(model, { port: 0 });
  const call = await openSlack({ token: new Secret(TOKEN), apiUrl: `${served.url}/api/`, log, timeout: 800 });
  channel = slackChannel({ call, channel: change.channel ?? 'C1', log });
}

beforeEach(() => open());
afterEach(() => served.close());

const tell = (incident: Incident, ref?: string, doubt = false) => channel.tell(messageOf(incident), ref, doubt);
const refOf = (told: Told) => {
  if (told.as !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(told)}`);
  return told.ref;
};

/** Tells step by step until nothing more is to be told, as the courier does: what may have been taken is looked for. */
async function tellAll(incident: Incident, ref?: string): Promise<string> {
  let doubt = false;
  for (let step = 0; step < 10; step++) {
    const told = await tell(incident, ref, doubt);
    doubt = told.as === 'unsure' || (told.as !== 'accepted' && doubt);
    if (told.as !== 'accepted') continue;
    ref = told.ref;
    if (!told.more) return ref;
  }
  throw new Error('still more to tell after ten steps');
}

const lost: Fault = { applied: true, answer: 'reset' };
const error = (code: string, only?: string): Fault => ({
  ...(only && { only }),
  applied: false,
  answer: { status: 200, body: JSON.stringify({ ok: false, error: code }) },
});
const thread = () => model.messages.filter((message) => message.thread_ts !== undefined);
const shown = (at = 0) => renderSlackMessage(model.posts[at] ?? { text: '' });

describe('an incident in Slack', () => {
  it('is one message that says what, how long, and where to look', async () => {
    expect(await tell(stuck())).toMatchObject({ as: 'accepted', more: false });
    expect(shown()).toEqual([
      '🔴 Page: gecko-3/decision: no worker has claimed our canary',
      'Canary unclaimed for 16m 02s, page at 15m; last claim 12s, 14m 02s ago; usual p95 40s',
      "The pool's page shows what is running and requested, its errors what the cloud refused.",
      '23:05:00 UTC  Opened: canary unclaimed for 5m',
      '23:16:02 UTC  Escalated: canary unclaimed for 16m 02s',
      expect.stringMatching(
        /^Task \(https.*fN1SbArXTPSVFNUvaOlinQ\).*Worker pool.*firefox-ci {2}· {2}unexplained {2}· {2}since 23:00:00 UTC$/,
      ),
    ]);
    expect(model.posts[0]?.text).toContain('Canary unclaimed for 16m 02s');
  });

  it('of several pools shows which, to whoever has lost all that was known of it', async () => {
    const [id, over] = ['firefox-ci/provider:gcp/2021-10-08T00:00:00Z', 'firefox-ci/probe:gecko-t/a/2021-10-08T00:00:00Z'];
    const together = fleet(3, { id }, { provider: 'gcp' });
    await tellAll(together);
    await tellAll(stuck());
    await tellAll(resolved(fleet(2, { id: over })));
    const shown = await channel.standing?.('firefox-ci', NIGHT);
    expect(shown).toHaveLength(2);
    expect(shown).toContainEqual({ id, probes: membersOf(together).map(({ probe }) => probe), provider: 'gcp' });
    expect(shown).toContainEqual({ id: stuck().id, probes: [] });
  });

  it('is edited as it evolves, with its story in the thread', async () => {
    const ref = await tellAll(stuck());
    const claimed = andThen(
      stuck({}, { claimed: true, good: 1 }),
      entry('claimed', 'claimed after 31m', NIGHT + 31 * MINUTE, false),
    );
    const first = await tell(claimed, ref);
    expect(first).toMatchObject({ as: 'accepted', more: true });
    expect([model.posts[0]?.edits, thread().length]).toEqual([0, 1]);
    expect(await tell(claimed, refOf(first))).toMatchObject({ as: 'accepted', more: false });
    const end = await tellAll(resolved(claimed), refOf(first));
    expect(model.posts).toHaveLength(1);
    expect(shown()[0]).toBe('🟢 Resolved: gecko-3/decision: canaries are claimed in time again');
    expect(shown()[1]).toContain('Over after 35m');
    expect(thread().map((reply) => [reply.text.split('\n').length, reply.broadcast])).toEqual([
      [2, false],
      [2, true],
    ]);
    expect(await tell(resolved(claimed), end)).toEqual({ as: 'accepted', ref: end, more: false });
    expect(model.messages).toHaveLength(3);
  });

  it('tells all that was missed in one reply', async () => {
    const ref = await tellAll(stuck());
    const claimed = andThen(stuck(), entry('claimed', 'claimed after 31m', NIGHT + 31 * MINUTE, false));
    await tellAll(resolved(claimed), ref);
    expect(thread().map((reply) => [reply.text.split('\n').length, reply.broadcast])).toEqual([[3, true]]);
  });

  it('takes back a message that was posted twice, and does not mind if it is gone', async () => {
    const ref = await tellAll(stuck());
    await channel.retract?.(ref);
    await channel.retract?.(ref);
    expect(model.messages).toEqual([]);
    expect(log.lines.filter((line) => line.includes('deleted'))).toEqual([]);
  });
});

describe('a lost answer', () => {
  it.each(['reset', 'hang', 'stall'] as const)('to the first post (%s) leaves one message', async (answer) => {
    model.faults.put({ applied: true, answer });
    expect(await tell(stuck())).toMatchObject({ as: 'unsure' });
    const told = await tell(stuck(), undefined, true);
    expect(told).toMatchObject({ as: 'accepted', more: false });
    expect(model.posts).toHaveLength(1);
    expect(JSON.parse(refOf(told))).toMatchObject({ ts: model.posts[0]?.ts, shown: 2, told: 2 });
  });

  it('before the first post leaves one message too', async () => {
    model.faults.put({ applied: false, answer: 'reset' });
    expect(await tell(stuck())).toMatchObject({ as: 'unsure' });
    await tell(stuck(), undefined, true);
    expect(model.posts).toHaveLength(1);
  });

  it('to a reply leaves one reply, whether or not it arrived', async () => {
    for (const applied of [true, false]) {
      await open();
      const ref = await tellAll(stuck());
      model.faults.put({ applied, answer: 'reset', only: 'chat.postMessage' });
      await tellAll(resolved(stuck()), ref);
      expect([model.posts.length, thread().length]).toEqual([1, 1]);
      expect(shown()[0]).toContain('Resolved');
    }
  });

  it('to every call in turn leaves one message, one reply and the newest state', async () => {
    let ref: string | undefined;
    for (const incident of [stuck(), resolved(stuck())]) {
      model.faults.put(lost, { applied: false, answer: 'reset' }, lost, lost);
      ref = await tellAll(incident, ref);
    }
    expect([model.posts.length, thread().length]).toEqual([1, 1]);
    expect(shown()[0]).toContain('Resolved');
  });

  it('adopts a message that shows an older state, with what its thread has told, and brings it up to date', async () => {
    await tellAll(resolved(stuck()), await tellAll(stuck()));
    const more = andThen(resolved(stuck()), entry('opened', 'again', NIGHT + 60 * MINUTE));
    expect(await tell(more, undefined, true)).toMatchObject({ as: 'accepted', more: true });
    expect(model.messages).toHaveLength(2);
  });

  it('shows its end though more was told of it before the store was lost', async () => {
    await tellAll({ ...stuck(), revision: 50 });
    const over = { ...resolved(stuck()), relived: NIGHT + 20 * MINUTE, revision: 3 };
    await tellAll(over, refOf(await tell(over, undefined, true)));
    expect(model.posts).toHaveLength(1);
    expect(shown()[0]).toContain('Resolved');
  });

  it('is found by the block where metadata is hidden', async () => {
    await tellAll(stuck());
    for (const message of model.messages) delete message.metadata;
    await tell(stuck(), undefined, true);
    expect(model.posts).toHaveLength(1);
  });

  it('takes no other incident and no other app for its own', async () => {
    await tellAll(cannotAsk('clock-off'));
    await tell(stuck(), undefined, true);
    expect(model.posts).toHaveLength(2);
  });

  it('is edited once more in doubt, for an older edit may have come in late', async () => {
    const ref = await tellAll(stuck());
    expect(await tell(stuck(), ref, true)).toMatchObject({ as: 'accepted', more: false });
    expect(model.posts[0]?.edits).toBe(1);
  });

  it('posts, and says so, where it may not read the channel', async () => {
    await open({ scopes: ['chat:write'] });
    await tell(stuck(), undefined, true);
    expect(model.posts).toHaveLength(1);
    expect(log.lines.join()).toContain('missing_scope');
    await tellAll(resolved(stuck()), refOf(await tell(stuck(), '{"odd":1}', false)));
    expect(thread()).toHaveLength(1);
  });

  it('is not answered by a post while the channel cannot be read for a moment', async () => {
    model.faults.put({ applied: false, answer: 'reset', only: 'conversations.history' });
    expect(await tell(stuck(), undefined, true)).toMatchObject({ as: 'unsure' });
    expect(model.messages).toEqual([]);
  });
});

describe('a message that is gone', () => {
  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive'])(
    'for %s is posted anew',
    async (code) => {
      const ref = await tellAll(stuck());
      model.faults.put(error(code, 'chat.update'));
      const told = await tellAll(resolved(stuck()), ref);
      expect(model.posts).toHaveLength(2);
      expect(JSON.parse(told)).toMatchObject({ ts: model.posts[1]?.ts });
      expect(shown(1)[0]).toContain('Resolved');
    },
  );

  it('is posted anew once, though the answer to that was lost', async () => {
    const ref = await tellAll(stuck());
    const edited = { ...stuck(), revision: 3 };
    model.faults.put(error('edit_window_closed', 'chat.update'), { ...lost, only: 'chat.postMessage' });
    expect(await tell(edited, ref)).toMatchObject({ as: 'unsure' });
    model.faults.put(error('edit_window_closed', 'chat.update'));
    await tell(edited, ref, true);
    expect(model.posts).toHaveLength(2);
  });

  it('lets its reply, which Slack then puts into the channel, take its place', async () => {
    const ref = await tellAll(stuck());
    await channel.retract?.(ref);
    await tellAll(resolved(stuck()), ref);
    expect(model.messages).toHaveLength(1);
    expect(shown()[0]).toBe('🟢 Resolved: gecko-3/decision: canaries are claimed in time again');
  });

  it('lets a reply that went astray unanswered take its place', async () => {
    const ref = await tellAll(stuck());
    await channel.retract?.(ref);
    model.faults.put(lost);
    await tellAll(resolved(stuck()), ref);
    expect(model.messages).toHaveLength(1);
    expect(shown()[0]).toContain('Resolved');
  });

  it('is posted anew where its thread is not found', async () => {
    const ref = await tellAll(stuck());
    await open();
    await tellAll(resolved(stuck()), ref);
    expect(model.posts).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it.each([
    ['invalid_auth', 'slack.token'],
    ['not_authed', 'slack.token'],
    ['token_revoked', 'slack.token'],
    ['token_expired', 'slack.token'],
    ['account_inactive', 'slack.token'],
    ['missing_scope', 'chat:write'],
    ['no_permission', 'chat:write'],
    ['channel_not_found', 'slack.channel'],
    ['not_in_channel', 'invite the bot'],
    ['is_archived', 'unarchive'],
    ['restricted_action', 'settings'],
    ['restricted_action_read_only_channel', 'settings'],
  ])('for good (%s) says what to do', async (code, remedy) => {
    model.faults.put(error(code));
    const told = await tell(stuck());
    expect(told).toMatchObject({ as: 'refused', why: expect.stringContaining(code) });
    expect(told).toMatchObject({ why: expect.stringContaining(remedy) });
  });

  it.each(['update_failed', 'team_added_to_org', 'something_new'])(
    'that passes (%s) waits, this delivery alone',
    async (code) => {
      model.faults.put(error(code));
      expect(await tell(stuck())).toMatchObject({ as: 'later', route: false, why: expect.stringContaining(code) });
    },
  );

  it('for too many calls makes the whole route wait as long as Slack asks', async () => {
    model.faults.put({ applied: false, answer: { status: 429, headers: { 'retry-after': '17' } } });
    expect(await tell(stuck())).toMatchObject({ as: 'later', after: 17_000, route: true });
  });

  it('of a connection makes the whole route wait, and leaves no doubt', async () => {
    await served.close();
    expect(await tell(stuck())).toMatchObject({ as: 'later', route: true });
  });

  it.each(['invalid_blocks', 'msg_blocks_too_long', 'msg_too_long'])(
    'of the blocks (%s) is answered with the text alone',
    async (code) => {
      model.faults.put(error(code));
      expect(await tell(stuck())).toMatchObject({ as: 'accepted' });
      expect(model.posts).toHaveLength(1);
      expect(model.posts[0]?.blocks).toBeUndefined();
      expect(model.posts[0]?.text).toContain('Canary unclaimed for 16m 02s');
      await tell(stuck(), undefined, true);
      expect(model.posts).toHaveLength(1);
    },
  );

  it('of everything is for good', async () => {
    model.faults.put(error('invalid_blocks'), error('invalid_blocks'));
    expect(await tell(stuck())).toMatchObject({ as: 'refused', why: expect.stringContaining('report') });
  });

  it('of the metadata is answered without it', async () => {
    model.faults.put(error('metadata_must_be_sent_from_app'));
    expect(await tell(stuck())).toMatchObject({ as: 'accepted' });
    expect(model.posts[0]?.metadata).toBeUndefined();
  });

  it('of a real channel and a real token reads the same', async () => {
    await open({ channel: 'C2' });
    expect(await tell(stuck())).toMatchObject({ as: 'refused', why: expect.stringContaining('channel_not_found') });
    await open({ archived: true });
    expect(await tell(stuck())).toMatchObject({ as: 'refused', why: expect.stringContaining('is_archived') });
    expect(log.lines.join()).not.toContain(TOKEN);
  });
});

describe('text from outside', () => {
  it('pings nobody, formats nothing, and is cut to size', async () => {
    const nasty = `<!channel> @here *x* ${'🔥<&'.repeat(2_000)}\n\`\`\`<!here>`;
    const entries = [entry('opened', nasty, NIGHT), entry('escalated', nasty, NIGHT)];
    for (const incident of [
      stuck({ timeline: entries }, { pool: nasty, probe: nasty }),
      { ...cannotAsk('access-refused', { detail: nasty }), timeline: entries },
    ]) {
      const ref = await tellAll(incident);
      await tellAll(andThen(incident, entry('escalated', nasty, NIGHT)), ref);
    }
    expect(model.messages).toHaveLength(4);
    for (const message of model.messages) {
      expect(mentionsIn(message)).toEqual([]);
      expect(message.blocks).toBeDefined();
    }
    expect(log.lines.filter((line) => line.includes('without'))).toEqual([]);
  });
});
