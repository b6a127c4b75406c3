import type { Diagnosis, PoolFigures } from '../evidence/diagnosis.ts';
import type { Cause } from '../evidence/incident.ts';
import { spoken } from '../evidence/instant.ts';
import type { Said } from '../views/inspected.ts';

type Words = [sentence: (figures: PoolFigures) => string, remedy: string];

/** What a pool's cause means in one sentence, and what usually helps. Holds text from outside. */
export function wordsOf({ cause, figures }: Diagnosis): Said | undefined {
  const words = WORDS[cause];
  return words && { sentence: words[0](figures), remedy: words[1] };
}

const WORDS: Partial<Record<Cause, Words>> = {
  'provisioning-errors': [
    ({ errors = 0, usualErrors = 0, commonError }) =>
      `${count(errors, 'error')} in the last hour where ${perHour(usualErrors)} usual${commonError ? `, most of them "${commonError.title}"` : ''}`,
    'The cloud refuses workers: look at its quota, its capacity in these regions, and what was last changed in the pool.',
  ],
  'boot-stalled': [
    ({ oldestRequested = 0, usualBoot }) =>
      `a worker requested ${spoken(oldestRequested)} ago has not come up${usualBoot === undefined ? '' : `, which usually takes up to ${spoken(usualBoot)}`}`,
    'It may hold up the whole pool: look at its console and at the image, and remove it in worker-manager.',
  ],
  'workers-not-claiming': [
    ({ running, workers = 0, pending = 0, quarantined = 0 }) =>
      `${count(running ?? workers, 'worker')} could work, and ${waiting(pending)} unclaimed${quarantined > 0 ? `; ${quarantined} in quarantine` : ''}`,
    'Look at the logs of one of its workers, at quarantines, and at what was last changed in its image.',
  ],
  'not-provisioned': [
    ({ pending = 0 }) => `${waiting(pending)}, the pool may grow, and no worker is requested`,
    "The provisioner passes the pool by: look at its log for this pool's provider, and restart it if other pools stand still too.",
  ],
  'over-provisioned': [
    ({ requested = 0, running = 0, maxCapacity = 0 }) =>
      `capacity ${requested + running} where ${maxCapacity} is the maximum, and nothing is claimed`,
    'Stop the provisioner before it makes more, then end the workers that are too many.',
  ],
  'at-capacity': [
    ({ maxCapacity = 0, pending = 0, eta }) =>
      `the pool is full at ${maxCapacity}, and ${waiting(pending)}${eta === undefined ? '' : `, some ${spoken(eta)} worth of work`}`,
    'Tasks are claimed: wait, raise maxCapacity, or cancel what nobody needs.',
  ],
  backlog: [
    ({ pending = 0, eta }) =>
      `tasks are claimed, and ${waiting(pending)}${eta === undefined ? '' : `, some ${spoken(eta)} worth of work`}`,
    'A queue and not a break: it goes away as workers come.',
  ],
  unexplained: [
    ({ pending = 0 }) => `${waiting(pending)}, and nothing that was read says why`,
    "Look at the pool's page and its workers.",
  ],
};

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function waiting(tasks: number): string {
  return `${count(tasks, 'task')} ${tasks === 1 ? 'waits' : 'wait'}`;
}

function perHour(rate: number): string {
  const rounded = rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
  return `${rounded === 0 ? 'none' : rounded} ${rounded === 0 || rounded === 1 ? 'is' : 'are'}`;
}
