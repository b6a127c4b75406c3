import type { KnownBlock } from '@slack/types';
import type { Message } from '../../evidence/delivery.ts';
import type { Entry, Incident } from '../../evidence/incident.ts';
import { clockTime } from '../../evidence/instant.ts';
import type { Link } from '../links.ts';
import { type Words, wording } from '../wording.ts';
import { burnLines } from '../words/budget.ts';
import { poolLines } from '../words/fleet.ts';
import { storyLine } from '../words/story.ts';
import { context, header, section } from './blocks.ts';
import { blockIdOf, type Mark, metadataOf } from './mark.ts';
import { bare, code, link, localTime, plain } from './mrkdwn.ts';

/**
 * Lengths in UTF-16 units, escapes included, well inside Slack's limits (header 150, text 3,000, fallback 4,000): all blocks
 * together were seen refused from about 13,000 characters on (bolt-js#2509), where an emoji may count for twelve.
 */
const HEADER = 150;
const REASON = 900;
const NOTE = 300;
const DETAIL = 500;
const ENTRY = 200;
const SUBJECT = 150;
const POOL = 80;
/** All links together, since nobody limits the address of a runbook. */
const LINKS = 2_500;

/** Entries and pools shown at most; others are counted. */
const IN_POST = 5;
const IN_REPLY = 8;
const POOLS = 12;

export interface Content {
  text: string;
  blocks: KnownBlock[];
  metadata: ReturnType<typeof metadataOf>;
}

/** The incident's one message in the channel, as it stands; `mention` notifies somebody, where the message is new. */
export function post(message: Message, mark: Mark, mention?: string): Content {
  const { incident, deployment } = message;
  const { evidence } = incident;
  const words = wording(message);
  const links = linksLine(words.links);
  const since = localTime(incident.since, '{date_short_pretty} {time_secs}', `${clockTime(incident.since)} UTC`);
  const place = `${plain(deployment, SUBJECT)}  ·  ${incident.cause}  ·  since ${since}`;
  const head = `${words.sign} ${words.status}: ${words.headline}`;
  const reason = said(mention, plain(words.reason, REASON));
  const notes = words.notes.map((note) => `\n${plain(note, NOTE)}`).join('');
  const advice = words.advice === undefined ? '' : `\n${words.advice}`;
  const pools = listed(evidence);
  const blocks: KnownBlock[] = [
    header(bare(head, HEADER), blockIdOf(incident.id, mark)),
    section(`${reason}${notes}${advice}`),
    ...(pools.length === 0 ? [] : [section(pools.map((line) => `• ${line}`).join('\n'))]),
    ...(words.detail === undefined ? [] : [section(code(words.detail, DETAIL))]),
    ...(incident.timeline.length < 2 ? [] : [context(story(incident.timeline, IN_POST))]),
    context([links, place].filter((part) => part !== '').join('  ·  ')),
  ];
  const text = [said(mention, plain(head, HEADER)), plain(words.reason, REASON), links].filter((line) => line !== '').join('\n');
  return { text, blocks, metadata: metadataOf(incident, mark) };
}

/** Each of those that it tells of, where they are several. */
function listed(evidence: Incident['evidence']): string[] {
  const shown = (name: string) => plain(name, POOL);
  if (evidence.kind === 'fleet') return poolLines(evidence, POOLS, shown);
  return evidence.kind === 'budget' && evidence.burning.length > 1 ? burnLines(evidence, POOLS, shown) : [];
}

/** What the thread has not been told yet, in one reply. */
export function reply(message: Message, from: number, mention?: string): Content {
  const { incident } = message;
  const words = wording(message);
  const mark: Mark = { revision: 0, told: incident.timeline.length, over: incident.ended !== undefined };
  const text = `${said(mention, title(words))}\n${story(incident.timeline.slice(from), IN_REPLY)}`;
  return {
    text,
    blocks: [{ ...section(text), block_id: blockIdOf(incident.id, mark) }],
    metadata: metadataOf(incident, mark),
  };
}

function said(mention: string | undefined, text: string): string {
  return mention === undefined ? text : `${mention} ${text}`;
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

function linksLine(links: readonly Link[]): string {
  let line = '';
  for (const { label, href } of links) {
    const longer = [line, link(label, href)].filter((part) => part !== '').join('  ·  ');
    if (longer.length <= LINKS) line = longer;
  }
  return line;
}
