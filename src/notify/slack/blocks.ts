import type { ContextBlock, HeaderBlock, MrkdwnElement, SectionBlock } from '@slack/types';

/** Takes text without markup, which a header does not read. */
export function header(text: string, block_id?: string): HeaderBlock {
  return { type: 'header', ...(block_id !== undefined && { block_id }), text: { type: 'plain_text', text, emoji: false } };
}

export function section(text: string): SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(text)] };
}

/** Verbatim, so that Slack makes no links and mentions out of what only looks like one; its own notation it reads all the same. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}
