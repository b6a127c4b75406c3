import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Incident } from '../src/evidence/incident.ts';
import { MINUTE } from '../src/evidence/instant.ts';
import { slackChannel } from '../src/notify/slack/channel.ts';
import type { Channel } from '../src/ports.ts';
import type { Fault } from '../src/sandbox/receivers/faults.ts';
import { slackModelCall } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { renderSlackMessage } from '../src/sandbox/receivers/slack-render.ts';
import { andThen, entry, keptLog, messageOf, NIGHT, resolved, stuck } from './notify-incidents.ts';

const answer: fc.Arbitrary<Fault['answer']> = fc.constantFrom<Fault['answer'][]>(
  'reset',
  { status: 500 },
  { status: 200, body: '{"ok":false,"error":"fatal_error"}' },
  { status: 200, body: '<html>' },
);
const lost = fc.record({ applied: fc.boolean(), answer });
const refused: fc.Arbitrary<Fault> = fc.constantFrom<Fault[]>(
  { applied: false, answer: { status: 429, headers: { 'retry-after': '1' } } },
  { applied: false, answer: { status: 200, body: '{"ok":false,"error":"update_failed"}' } },
  { applied: false, answer: { status: 200, body: '{"ok":false,"error":"invalid_auth"}' } },
);
/** How a tell begins and ends: what its next call meets, and whether its process dies before it can settle the outcome. */
const step = fc.record({ fault: fc.option(fc.oneof(lost, refused), { nil: undefined }), dies: fc.boolean() });

const claimed = andThen(stuck(), entry('claimed', 'claimed after 31m', NIGHT + 31 * MINUTE, false));
const states = [stuck(), claimed, resolved(claimed)];

type Step = { fault: Fault | undefined; dies: boolean };
type Memory = { ref?: string; doubt: boolean };

/** Tells one state as a courier does, through bad steps and then good ones, until all is told. */
async function tellThrough(
  model: SlackModel,
  channel: Channel,
  incident: Incident,
  steps: Step[],
  memory: Memory,
): Promise<void> {
  const good: Step[] = Array.from({ length: 8 }, () => ({ fault: undefined, dies: false }));
  for (const { fault, dies } of [...steps, ...good]) {
    if (fault !== undefined) model.faults.put(fault);
    const told = await channel.tell(messageOf(incident), memory.ref, memory.doubt);
    if (dies || told.as === 'unsure') memory.doubt = true;
    if (dies || told.as !== 'accepted') continue;
    Object.assign(memory, { ref: told.ref, doubt: false });
    if (!told.more) return;
  }
}

it('leaves one message with the last state and every entry told once, whatever is lost and whoever dies', async () => {
  const bad = fc.array(step, { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.tuple(bad, bad, bad), async (nights) => {
      const model = new SlackModel({ clock: { now: () => NIGHT + 17 * MINUTE }, token: 't', channels: { C1: {} } });
      const channel = slackChannel({ call: slackModelCall(model, 't'), channel: 'C1', log: keptLog() });
      const memory: Memory = { doubt: false };
      for (const [at, steps] of nights.entries()) await tellThrough(model, channel, states[at] ?? stuck(), steps, memory);
      expect(model.posts).toHaveLength(1);
      expect(renderSlackMessage(model.posts[0] ?? { text: '' })[0]).toContain('Resolved');
      const replies = model.messages.filter((each) => each.thread_ts !== undefined).map(({ text }) => text.split('\n').slice(1));
      const told = replies.flat().map((line) => /(Opened|Escalated|Claimed|Resolved):/.exec(line)?.[1]);
      expect(told).toEqual(['Claimed', 'Resolved']);
    }),
    { numRuns: 500 },
  );
});
