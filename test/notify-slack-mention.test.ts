import { beforeEach, describe, expect, it } from 'vitest';
import type { Happening, Incident, Manner } from '../src/evidence/incident.ts';
import { MINUTE } from '../src/evidence/instant.ts';
import { slackChannel } from '../src/notify/slack/channel.ts';
import type { Channel } from '../src/ports.ts';
import { slackModelCall } from '../src/sandbox/receivers/slack-faces.ts';
import { type SlackEvent, SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { mentionsIn } from '../src/sandbox/receivers/slack-render.ts';
import { andThen, entry, keptLog, messageOf, NIGHT, resolved, stuck } from './notify-incidents.ts';

const PAGE: Manner = { severity: 'critical', mention: '<!subteam^S0123456789>' };
const LATER = NIGHT + 31 * MINUTE;
let model: SlackModel;
let channel: Channel;
/** What was sent, in order, and how often it mentions somebody: in the text and in the blocks. */
let sent: [SlackEvent['what'], number][];

beforeEach(() => {
  sent = [];
  model = new SlackModel({
    clock: { now: () => LATER },
    token: 't',
    channels: { C1: {} },
    onEvent: ({ what, message }) => sent.push([what, mentionsIn(message).length]),
  });
  channel = slackChannel({ call: slackModelCall(model, 't'), channel: 'C1', log: keptLog() });
});

async function tellAll(incident: Incident, ref?: string, manner: Manner | 'none' = PAGE): Promise<string> {
  for (;;) {
    const told = await channel.tell(messageOf(incident, manner), ref, false);
    if (told.as !== 'accepted') throw new Error(JSON.stringify(told));
    ref = told.ref;
    if (!told.more) return ref;
  }
}

const next = (what: Happening, loud = true, change: Partial<Incident> = {}, before = stuck()) =>
  andThen(before, entry(what, 'so it was', LATER, loud), change);

describe('a mention', () => {
  it('stands once in the text and once in a section of a first post', async () => {
    await tellAll(stuck());
    expect(model.posts[0]?.text).toMatch(/^<!subteam\^S0123456789> 🔴 Page/);
    const section = (model.posts[0]?.blocks ?? []).find((block) => (block as { type: string }).type === 'section');
    expect(section).toMatchObject({ text: { type: 'mrkdwn', text: expect.stringMatching(/^<!subteam\^S0123456789> Canary/) } });
    expect(sent).toEqual([['posted', 2]]);
  });

  it('leaves the post with its next edit', async () => {
    await tellAll(next('claimed', false), await tellAll(stuck()));
    expect(sent).toEqual([
      ['posted', 2],
      ['replied', 0],
      ['updated', 0],
    ]);
  });

  it.each<Happening>(['escalated', 'promoted', 'reopened', 'flapping', 'unsilenced', 'reminder'])(
    'stands in the reply that tells of %s, which the channel sees too',
    async (what) => {
      await tellAll(next(what), await tellAll(stuck()));
      expect(sent.slice(1)).toEqual([
        ['replied', 2],
        ['updated', 0],
      ]);
      expect(model.messages[1]?.broadcast).toBe(true);
    },
  );

  it.each<Happening>(['changed', 'claimed', 'joined', 'left'])('stands in no reply that tells of %s', async (what) => {
    await tellAll(next(what), await tellAll(stuck()));
    expect(sent[1]).toEqual(['replied', 0]);
  });

  it('stands in no reply that tells quietly', async () => {
    await tellAll(next('escalated', false), await tellAll(stuck()));
    expect(sent[1]).toEqual(['replied', 0]);
  });

  it('is left out where what reached the page is over, where nobody is addressed, and of a warning', async () => {
    await tellAll(resolved(next('reopened')), await tellAll(stuck()));
    expect(sent[1]).toEqual(['replied', 0]);
    await tellAll(next('escalated', true, { id: 'b' }), await tellAll(stuck({ id: 'b' })), 'none');
    expect(sent[4]).toEqual(['replied', 0]);
    await tellAll(stuck({ id: 'c', level: 'warn' }));
    await tellAll(resolved(stuck({ id: 'd' })));
    expect(sent.slice(6)).toEqual([
      ['posted', 0],
      ['posted', 0],
    ]);
  });

  it('stands in what takes the place of a lost message only where it is news', async () => {
    const ref = await tellAll(stuck());
    await channel.retract?.(ref);
    await tellAll({ ...stuck(), revision: 3 }, ref);
    expect(sent.at(-1)).toEqual(['posted', 0]);
  });
});

describe('an incident of which the channel has heard nothing', () => {
  it.each<[string, Incident, Manner | 'none']>([
    ['is not told where its level does not address it', stuck(), 'none'],
    ['is not told where it goes on in another', next('folded', false, { ended: LATER, end: 'folded' }), PAGE],
  ])('%s', async (_name, incident, manner) => {
    const ref = await tellAll(incident, undefined, manner);
    expect(sent).toEqual([]);
    await tellAll(next('reopened', true, {}, stuck({ revision: 7 })), ref);
    expect(sent).toEqual([['posted', 2]]);
  });

  it('is told of what is over by now', async () => {
    await tellAll(resolved(stuck()));
    expect(sent).toEqual([['posted', 0]]);
  });
});
