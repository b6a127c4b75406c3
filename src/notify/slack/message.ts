import type { ContextBlock, HeaderBlock, KnownBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import type { Message } from '../../evidence/delivery.ts';
import type { Entry } from '../../evidence/incident.ts';
import { clockTime } from '../../evidence/instant.ts';
import { storyLine, type Words, wording } from '../wording.ts';
import { blockIdOf, type Mark, metadataOf } from './mark.ts';
import { bare, code, link, localTime, plain } from './mrkdwn.ts';

/**
 * Lengths in UTF-16 units, escapes included, well inside Slack's limits (header 150, text 3,000, fallback 4,000): all blocks
 * together were seen refused from about 13,000 characters on (bolt-js#2509), where an emoji may count for twelve.
 */
const HEADER = 150;
const REASON = 900;
const DETAIL = 500;
const ENTRY = 200;
const SUBJECT = 150;

/** Entries shown at most; what came before is counted. */
const IN_POST = 5;
const IN_REPLY = 8;

export interface Content {
  text: string;
  blocks: KnownBlock[];
  metadata: ReturnType<typeof metadataOf>;
}

/** The incident's one message in the channel, as it stands. */
export function post(message: Message, mark: Mark): Content {
  const { incident, deployment } = message;
  const words = wording(message);
  const links = words.links.map(({ label, href }) => link(label, href)).join('  ·  ');
  const since = localTime(incident.since, '{date_short_pretty} {time_secs}', `${clockTime(incident.since)} UTC`);
  const advice = words.advice === undefined ? '' : `\n${words.advice}`;
  const head = `${words.sign} ${words.status}: ${words.headline}`;
  const blocks: KnownBlock[] = [
    header(head, blockIdOf(incident.id, mark)),
    section(`${plain(words.reason, REASON)}${advice}`),
    ...(words.detail === undefined ? [] : [section(code(words.detail, DETAIL))]),
    ...(incident.timeline.length < 2 ? [] : [context(story(incident.timeline, IN_POST))]),
    context([links, `${plain(deployment, SUBJECT)}  ·  since ${since}`].filter((part) => part !== '').join('  ·  ')),
  ];
  const text = [plain(head, HEADER), plain(words.reason, REASON), links].filter((line) => line !== '').join('\n');
  return { text, blocks, metadata: metadataOf(incident.id, mark) };
}

/** What the thread has not been told yet, in one reply. */
export function reply(message: Message, from: number): Content {
  const { incident } = message;
  const words = wording(message);
  const mark: Mark = { revision: 0, told: incident.timeline.length };
  const lines = story(incident.timeline.slice(from), IN_REPLY);
  const blocks = [{ ...section(`${title(words)}\n${lines}`), block_id: blockIdOf(incident.id, mark) }];
  return { text: `${title(words)}\n${lines}`, blocks, metadata: metadataOf(incident.id, mark) };
}

function title({ sign, status, headline }: Words): string {
  return `${sign} *${status}*: ${plain(headline, SUBJECT)}`;
}

function story(entries: Entry[], most: number): string {
  const lines = entries.slice(-most).map((entry) => {
    return `${localTime(entry.at, '{time_secs}', `${clockTime(entry.at)} UTC`)}  ${plain(storyLine(entry), ENTRY)}`;
  });
  const hidden = entries.length - lines.length;
  return [...(hidden > 0 ? [`… ${hidden} earlier`] : []), ...lines].join('\n');
}

function header(text: string, block_id: string): HeaderBlock {
  return { type: 'header', block_id, text: { type: 'plain_text', text: bare(text, HEADER), emoji: false } };
}

function section(text: string): SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}

function context(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(text)] };
}

/** Verbatim, so that Slack makes no links and mentions out of what looks like one. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}
