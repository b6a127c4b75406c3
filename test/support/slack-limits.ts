import type { Composed } from '../../src/evidence/board.ts';
import { troubleOfBlocks } from '../../src/sandbox/receivers/slack-blocks.ts';
import { mentionsIn } from '../../src/sandbox/receivers/slack-render.ts';

/** Text of chat.update, and what all blocks together were seen refused at, whatever is not ASCII as JSON escapes it. */
const TEXT = 4_000;
const ALTOGETHER = 13_000;

/**
 * What Slack would object to in a message, by its documented limits and those that were seen; and whom it would ping. A table's cells are raw
 * text, in which nothing is read.
 */
export function troublesOfMessage({ text, blocks }: Composed): string[] {
  const json = JSON.stringify(blocks);
  const escaped = json.replace(/[^\x20-\x7e]/g, '\\uffff').length;
  const trouble = troubleOfBlocks(blocks);
  const lone = /\\ud[89a-f]../i.test(json);
  return [
    ...(trouble === undefined ? [] : [`${trouble.error} ${trouble.messages.join('; ')}`]),
    ...(text.length === 0 || text.length > TEXT ? [`a text of ${text.length} characters`] : []),
    ...(escaped > ALTOGETHER ? [`blocks of ${escaped} characters`] : []),
    ...(lone ? ['half a character'] : []),
    ...mentionsIn({ text, blocks: blocks.filter((block) => !('type' in block && block.type === 'table')) }),
  ];
}
