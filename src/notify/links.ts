import type { Message } from '../evidence/delivery.ts';
import type { Cause, Incident } from '../evidence/incident.ts';
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

function pagesOf(root: string, { evidence, cause }: Incident): Link[] {
  if (evidence.kind === 'ask') return [];
  if (evidence.kind === 'budget') return [{ label: 'Worker pools', href: `${root}/worker-manager` }];
  if (evidence.kind === 'fleet') {
    const [longest] = evidence.members;
    return [
      ...(longest === undefined ? [] : [{ label: 'Longest waiting task', href: taskPage(root, longest.taskId) }]),
      { label: 'Worker pools', href: `${root}/worker-manager` },
      ...(cause.startsWith('provisioning-') ? [{ label: 'Provisioning errors', href: `${root}/worker-manager/errors` }] : []),
    ];
  }
  return [
    ...(evidence.kind === 'pool' ? [{ label: 'Task', href: taskPage(root, evidence.taskId) }] : []),
    { label: 'Worker pool', href: `${root}/worker-manager/${part(evidence.pool)}` },
    ...poolPages(root, evidence.pool, cause),
  ];
}

/** The pages of a pool that show what the cause is about. */
function poolPages(root: string, pool: string, cause: Cause): Link[] {
  const managed = `${root}/worker-manager/${part(pool)}`;
  const [provisioner = '', workerType = ''] = pool.split('/');
  const queued = `${root}/provisioners/${part(provisioner)}/worker-types/${part(workerType)}`;
  const errors = { label: 'Provisioning errors', href: `${managed}/errors` };
  // The queue does not know workers that have not come up.
  if (cause === 'boot-stalled' || cause === 'over-provisioned') return [{ label: 'Workers', href: `${managed}/workers` }, errors];
  if (cause === 'workers-not-claiming') return [{ label: 'Workers', href: queued }];
  if (cause === 'at-capacity' || cause === 'backlog') return [{ label: 'Pending tasks', href: `${queued}/pending-tasks` }];
  return [errors];
}

function taskPage(root: string, taskId: string): string {
  return `${root}/tasks/${part(taskId)}`;
}

/** Longer than any name that Taskcluster allows, which is 77 characters for a pool. */
const PART = 80;

function part(text: string): string {
  return encodeURIComponent(clip(clean(text), PART));
}
