import { createHash } from 'node:crypto';
import { isObject } from '../../../evidence/object.ts';

/** What a message of ours is, beside the incidents: the deployment's dashboard, or one of its digests. */
export interface Label {
  kind: 'dashboard' | 'digest';
  id: string;
}

const EVENT_TYPES = { dashboard: 'tc_canary_dashboard', digest: 'tc_canary_digest' };

export function labelMetadata({ kind, id }: Label) {
  return { event_type: EVENT_TYPES[kind], event_payload: { id } };
}

/** The same in a block's id, which apps may read that may not read metadata, and which stands in what is pinned. */
function prefixOf({ kind, id }: Label): string {
  return `tc-canary:${kind}:${createHash('sha256').update(id).digest('hex').slice(0, 24)}:`;
}

/** The blocks with the label on the first; `edition` makes the id another with each edit, as Slack advises. */
export function labelled(blocks: readonly object[], label: Label, edition: number): object[] {
  return blocks.map((block, at) => (at === 0 ? { ...block, block_id: prefixOf(label) + edition } : block));
}

export function hasLabel(message: Record<string, unknown>, label: Label): boolean {
  const { metadata, blocks } = message;
  if (isObject(metadata) && metadata['event_type'] === EVENT_TYPES[label.kind] && isObject(metadata['event_payload'])) {
    return metadata['event_payload']['id'] === label.id;
  }
  const prefix = prefixOf(label);
  return (Array.isArray(blocks) ? blocks : []).some((block) => isObject(block) && String(block['block_id']).startsWith(prefix));
}

/** The id of the picture that the message shows. */
export function pictureIn({ blocks }: Record<string, unknown>): string | undefined {
  for (const block of Array.isArray(blocks) ? blocks : []) {
    const file = isObject(block) && block['type'] === 'image' ? block['slack_file'] : undefined;
    if (isObject(file) && typeof file['id'] === 'string') return file['id'];
  }
  return undefined;
}
