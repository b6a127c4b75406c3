import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { post, reply } from '../src/notify/slack/message.ts';
import { troubleOfBlocks } from '../src/sandbox/receivers/slack-blocks.ts';
import { mentionsIn, renderSlackMessage } from '../src/sandbox/receivers/slack-render.ts';
import { anyMessage } from './notify-incidents.ts';

describe('a Slack message of any incident', () => {
  it("keeps Block Kit's limits and pings nobody", () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(40), (message, from) => {
        const { timeline, revision } = message.incident;
        for (const content of [
          post(message, { revision, told: timeline.length, over: false }),
          reply(message, Math.min(from, timeline.length - 1)),
        ]) {
          expect(troubleOfBlocks(content.blocks)).toBeUndefined();
          expect(content.text.length).toBeLessThanOrEqual(4_000);
          expect(mentionsIn(content)).toEqual([]);
          expect(JSON.stringify(content)).not.toMatch(/\\ud[89ab]../i);
          expect(renderSlackMessage(content).join('\n').trim()).not.toBe('');
        }
        const loud = post(message, { revision, told: timeline.length, over: false }, '<!here>');
        expect(mentionsIn(loud)).toEqual(['<!here>', '<!here>']);
        expect(troubleOfBlocks(loud.blocks)).toBeUndefined();
        expect(loud.text.length).toBeLessThanOrEqual(4_000);
      }),
      { numRuns: 200 },
    );
  });
});
