import { createHash } from 'node:crypto';
import type { Standing } from '../../evidence/fact.ts';
import type { FleetEvidence, Incident } from '../../evidence/incident.ts';
import { isObject } from '../../evidence/object.ts';

/** How our own messages are known again after an answer was lost. Anybody in the workspace can read it. */
export interface Mark {
  /** The revision shown; 0 on a reply, which shows none. */
  revision: number;
  /** How many entries of the timeline the channel has been told up to and with this message. */
  told: number;
  /** The message shows an incident that is over. */
  over: boolean;
}

/** Slack's documentation asks for letters and digits; its own examples also have underscores. */
const EVENT_TYPE = 'tc_canary_incident';
/** Probes that metadata names at most, so that it stays small. Of so many that are bad together the queue tells by itself. */
const PROBES = 20;
/** What probes and providers are called; anything else is no name of theirs. */
const NAME = /^[\w ./-]{1,100}$/;

export function metadataOf({ id, evidence }: Pick<Incident, 'id' | 'evidence'>, mark: Mark) {
  return { event_type: EVENT_TYPE, event_payload: { id, ...mark, ...(evidence.kind === 'fleet' && severalIn(evidence)) } };
}

/** Slack takes texts, numbers and truths, and no list of texts. */
function severalIn({ members, provider, stall }: FleetEvidence): { probes: string; provider?: string } {
  const names = members.map(({ probe }) => probe).filter((name) => NAME.test(name));
  const [first, ...others] = stall?.providers ?? [];
  const only = provider ?? (others.length === 0 ? first : undefined);
  return { probes: names.slice(0, PROBES).join('\n'), ...(only !== undefined && NAME.test(only) && { provider: only }) };
}

/** The incident that a message of ours shows as open. */
export function openIn({ metadata }: Record<string, unknown>): Standing | undefined {
  if (!isObject(metadata) || metadata['event_type'] !== EVENT_TYPE || !isObject(metadata['event_payload'])) return undefined;
  const { id, over, probes, provider } = metadata['event_payload'];
  if (typeof id !== 'string' || over !== false) return undefined;
  const names = typeof probes === 'string' && probes !== '' ? probes.split('\n') : [];
  return { id, probes: names, ...(typeof provider === 'string' && { provider }) };
}

/**
 * The same in a block's id, at most 255 characters: Slack shows metadata only to apps with a scope for it, and blocks to all that
 * may read the channel. It differs by revision, as Slack advises for messages that are updated.
 */
export function blockIdOf(incident: string, mark: Mark): string {
  return `${blockPrefix(incident)}${mark.revision}:${mark.told}:${mark.over ? 1 : 0}`;
}

function blockPrefix(incident: string): string {
  return `tc-canary:${createHash('sha256').update(incident).digest('hex').slice(0, 24)}:`;
}

/** The mark of a message that is ours and of this incident. */
export function readMark(message: Record<string, unknown>, incident: string): Mark | undefined {
  return fromMetadata(message['metadata'], incident) ?? fromBlocks(message['blocks'], incident);
}

function fromMetadata(metadata: unknown, incident: string): Mark | undefined {
  if (!isObject(metadata) || metadata['event_type'] !== EVENT_TYPE || !isObject(metadata['event_payload'])) return undefined;
  const { id, revision, told, over } = metadata['event_payload'];
  return id === incident ? { revision: Number(revision) || 0, told: Number(told) || 0, over: over === true } : undefined;
}

function fromBlocks(blocks: unknown, incident: string): Mark | undefined {
  const prefix = blockPrefix(incident);
  for (const block of Array.isArray(blocks) ? blocks : []) {
    const id = isObject(block) ? block['block_id'] : undefined;
    if (typeof id !== 'string' || !id.startsWith(prefix)) continue;
    const [revision, told, over] = id.slice(prefix.length).split(':').map(Number);
    return { revision: revision || 0, told: told || 0, over: over === 1 };
  }
  return undefined;
}
