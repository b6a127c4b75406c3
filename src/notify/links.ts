import type { Message } from '../evidence/delivery.ts';
import type { Incident } from '../evidence/incident.ts';
import { clean, clip } from './text.ts';

export interface Link {
  label: string;
  href: string;
}

/** Where to look further: the runbook, and Taskcluster's own pages by the paths of its web interface. */
export function linksOf({ rootUrl, incident }: Message): Link[] {
  const { runbook } = incident;
  return [
    ...(runbook === undefined ? [] : [{ label: 'Runbook', href: runbook }]),
    ...pagesOf(rootUrl.replace(/\/+$/, ''), incident),
  ];
}

function pagesOf(root: string, { evidence }: Incident): Link[] {
  if (evidence.kind === 'ask') return [];
  const pools = `${root}/worker-manager`;
  if (evidence.kind === 'pool') {
    const pool = `${pools}/${part(evidence.pool)}`;
    return [
      { label: 'Task', href: taskPage(root, evidence.taskId) },
      { label: 'Worker pool', href: pool },
      { label: 'Provisioning errors', href: `${pool}/errors` },
    ];
  }
  const [longest] = evidence.members;
  return [
    ...(longest === undefined ? [] : [{ label: 'Longest waiting task', href: taskPage(root, longest.taskId) }]),
    { label: 'Worker pools', href: pools },
  ];
}

function taskPage(root: string, taskId: string): string {
  return `${root}/tasks/${part(taskId)}`;
}

/** Longer than any name that Taskcluster allows, which is 77 characters for a pool. */
const PART = 80;

function part(text: string): string {
  return encodeURIComponent(clip(clean(text), PART));
}
