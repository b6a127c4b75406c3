import type { Message } from '../evidence/delivery.ts';
import { clean, clip } from './text.ts';

export interface Link {
  label: string;
  href: string;
}

/** Where to look further, on Taskcluster's own pages; the paths are those of its web interface. */
export function linksOf({ rootUrl, incident: { evidence } }: Message): Link[] {
  if (evidence.kind !== 'pool') return [];
  const root = rootUrl.replace(/\/+$/, '');
  const pool = `${root}/worker-manager/${part(evidence.pool)}`;
  return [
    { label: 'Task', href: `${root}/tasks/${part(evidence.taskId)}` },
    { label: 'Worker pool', href: pool },
    { label: 'Provisioning errors', href: `${pool}/errors` },
  ];
}

/** Longer than any name that Taskcluster allows, which is 77 characters for a pool. */
const PART = 80;

function part(text: string): string {
  return encodeURIComponent(clip(clean(text), PART));
}
