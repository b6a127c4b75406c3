import { expect, it } from 'vitest';
import type { Entry, Happening, Incident, Manner } from '../src/evidence/incident.ts';
import { MINUTE } from '../src/evidence/instant.ts';
import { Secret } from '../src/evidence/secret.ts';
import { pagerdutyChannel } from '../src/notify/pagerduty/channel.ts';
import { pagerdutyModelPost } from '../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../src/sandbox/receivers/pagerduty-model.ts';
import { andThen, entry, messageOf, NIGHT, resolved, stuck } from './notify-incidents.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const LATER = NIGHT + 31 * MINUTE;

/** What the channel is told next: an incident in a manner, perhaps with a doubt about what was sent before. */
interface Step {
  incident: Incident;
  manner?: Manner | 'none';
  doubt?: boolean;
}

async function play(steps: Step[], ref?: string) {
  const model = new PagerDutyModel({ routingKeys: [KEY] });
  const channel = pagerdutyChannel({ post: pagerdutyModelPost(model), routingKey: new Secret(KEY) });
  for (const { incident, manner, doubt = false } of steps) {
    const told = await channel.tell(messageOf(incident, manner), ref, doubt);
    if (told.as !== 'accepted') throw new Error(JSON.stringify(told));
    ref = told.ref;
  }
  return { model, actions: model.events.map((event) => event['event_action']) };
}

const next = (what: Happening, loud: boolean, change: Partial<Incident> = {}, before = stuck()) =>
  andThen(before, entry(what, 'so it was', LATER, loud), change);
const reopened = () => {
  const { ended: _ended, end: _end, ...open } = resolved(stuck());
  return andThen(open, entry('reopened', 'again', LATER));
};
const open: Step = { incident: stuck() };
const claimed = next('claimed', false);
const folded = next('folded', false, { ended: LATER, end: 'folded', into: 'other' });

const loud: Happening[] = ['escalated', 'changed', 'promoted', 'reminder', 'unsilenced', 'reopened', 'flapping'];
const quiet: Happening[] = ['claimed', 'changed', 'joined', 'left', 'silenced'];

it.each(loud)('a trigger is repeated for loud news: %s', async (what) => {
  const { actions, model } = await play([open, { incident: next(what, true) }]);
  expect(actions).toEqual(['trigger', 'trigger']);
  expect(model.alerts).toHaveLength(1);
});

it.each(quiet)('nothing is sent for quiet news: %s', async (what) => {
  expect((await play([open, { incident: next(what, false) }])).actions).toEqual(['trigger']);
});

it.each<[string, Step[], string[]]>([
  ['the same state again', [open, open], ['trigger']],
  ['the same state in doubt', [open, { ...open, doubt: true }], ['trigger', 'trigger']],
  ['another severity', [{ ...open, manner: { severity: 'error' } }, open], ['trigger', 'trigger']],
  ['a reminder while workers claim again', [open, { incident: next('reminder', true, {}, claimed) }], ['trigger']],
  [
    'a reminder that went unsaid, once canaries wait again',
    [
      open,
      { incident: next('reminder', true, {}, claimed) },
      { incident: next('changed', false, {}, next('reminder', true, {}, claimed)) },
    ],
    ['trigger', 'trigger'],
  ],
  [
    'what was paged before the store was lost, and recovers',
    [{ incident: next('claimed', false, { relived: LATER }), doubt: true }],
    [],
  ],
  [
    'that a silence is over and its pool not well, after the store was lost in it',
    [{ incident: next('unsilenced', true, {}, next('claimed', false, { relived: LATER - MINUTE })), doubt: true }],
    ['trigger'],
  ],
  ['news of which PagerDuty is not to hear', [open, { incident: next('changed', true), manner: 'none' }], ['trigger']],
  [
    'the end, though the level does not address it',
    [open, { incident: resolved(stuck()), manner: 'none' }],
    ['trigger', 'resolve'],
  ],
  ['that it goes on in another incident', [open, { incident: folded }], ['trigger', 'resolve']],
  ['that an incident it never heard of goes on in another', [{ incident: folded }], []],
  ['the end twice', [open, { incident: resolved(stuck()) }, { incident: resolved(stuck()) }], ['trigger', 'resolve']],
  ['a return', [open, { incident: resolved(stuck()) }, { incident: reopened() }], ['trigger', 'resolve', 'trigger']],
  ['an open incident that does not address it', [{ ...open, manner: 'none' }, { incident: resolved(stuck()) }], []],
  [
    'the end of one that it may have heard of before it was silenced',
    [{ ...open, manner: 'none', doubt: true }, { incident: resolved(stuck()) }],
    ['resolve'],
  ],
])('what is sent of %s', async (_name, steps, sent) => {
  expect((await play(steps)).actions).toEqual(sent);
});

it('shows the severity of the manner, and a change of it, on one alert', async () => {
  const { model } = await play([{ ...open, manner: { severity: 'warning' } }, open]);
  expect(model.alerts).toMatchObject([{ severity: 'critical', triggers: 2 }]);
});

it('pages again under the same key when an incident returns', async () => {
  const { model } = await play([open, { incident: resolved(stuck()) }, { incident: reopened() }]);
  expect(model.alerts.map(({ dedupKey, status }) => [dedupKey, status])).toEqual([
    [stuck().id, 'resolved'],
    [stuck().id, 'triggered'],
  ]);
});

it.each<[string, Incident, string[]]>([
  ['quiet news', claimed, []],
  ['loud news', next('reminder', true), ['trigger']],
  ['the end', resolved(stuck()), ['resolve']],
])('reads the refs of the version before this one: %s', async (_name, incident, sent) => {
  expect((await play([{ incident }], '{"action":"trigger","revision":2}')).actions).toEqual(sent);
});

it('counts every entry of a story as told that a trigger held, however long', async () => {
  const timeline: Entry[] = [...stuck().timeline, entry('changed', 'x', LATER), entry('reminder', 'y', LATER)];
  const grown = stuck({ timeline, revision: 9 });
  expect((await play([{ incident: grown }, { incident: next('left', false, {}, grown) }])).actions).toEqual(['trigger']);
});
