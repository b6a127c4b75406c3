import type { Cause } from '../../evidence/incident.ts';
import type { PoolCause } from './pool-cause.ts';

type AskCause = Exclude<Cause, PoolCause | 'budget-burning'> | 'unexplained';

/** What a cause is called while it lasts and when it is over, and what a person can do about it. */
interface AskWords {
  open: string;
  over: string;
  advice: string;
}

const ASKING: Record<AskCause, AskWords> = {
  'queue-unreachable': {
    open: 'the queue does not answer',
    over: 'the queue answers again',
    advice: 'Pools are not judged until it answers. See whether Taskcluster itself is down.',
  },
  'cannot-submit': {
    open: 'tasks cannot be submitted',
    over: 'tasks can be submitted again',
    advice: 'The queue answers, but takes no new task of ours. Pools are not judged by new canaries meanwhile.',
  },
  'queue-degraded': {
    open: 'the queue fails many calls',
    over: 'the queue answers again',
    advice:
      'Canaries are followed by what it answers; tasks are submitted and claimed late, if at all. See what Taskcluster logs, and whether each process of ours reaches it.',
  },
  'access-refused': {
    open: 'Taskcluster refuses our access',
    over: 'Taskcluster grants our access again',
    advice: "See whether the prober's client has expired or is disabled, or lacks a scope that the error names.",
  },
  'clock-off': {
    open: "the prober's clock is off",
    over: "the prober's clock is right again",
    advice: 'Set the clock of the machine that the prober runs on, and see whether time synchronisation runs there.',
  },
  'name-conflict': {
    open: 'two configurations share a probe name',
    over: 'probe names are distinct again',
    advice: 'Another prober submits under the same deployment and probe name. Rename one of them, or stop one.',
  },
  'no-evidence': {
    open: 'nothing is heard of some probes',
    over: 'every probe is heard of again',
    advice: "Nobody knows how these pools are doing. The prober's log says what keeps it from looking.",
  },
  'pool-unknown': {
    open: 'worker-manager cannot tell what a pool runs',
    over: 'every probed pool is known again',
    advice: "Correct the pool's name in the probe file, or give the probe a payload of its own.",
  },
  'pool-gone': {
    open: 'a probed pool is gone',
    over: 'every probed pool exists again',
    advice: 'It was removed or renamed in worker-manager. Correct its name in the probe file, or take the probe out.',
  },
  'channel-refused': {
    open: 'a channel refuses what we send',
    over: 'every channel takes what we send again',
    advice: 'Whoever reads that channel alone hears of nothing. Mend the token, the key or the channel, as the error says.',
  },
  'store-failing': {
    open: 'the prober cannot write its store',
    over: 'the prober can write its store again',
    advice: 'Pools are not judged until it can. See whether the disk is full, or the file read-only or locked.',
  },
  unexplained: {
    open: 'something keeps us from asking',
    over: 'asking works again',
    advice: "The prober's log says more.",
  },
};

/** For incidents in which we could not ask, or in which the configuration is at odds with the deployment. */
export function askWordsOf(cause: Cause): AskWords {
  return isOfAsking(cause) ? ASKING[cause] : ASKING.unexplained;
}

function isOfAsking(cause: Cause): cause is AskCause {
  return cause in ASKING;
}
