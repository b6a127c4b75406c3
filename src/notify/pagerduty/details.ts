import type { AskEvidence, FleetEvidence, Incident, PoolEvidence } from '../../evidence/incident.ts';
import { iso, spoken } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { commonOf, poolLines, whom } from '../words/fleet.ts';

type Details = Record<string, string | number | string[]>;

/** How many pools an event lists by name. */
const POOLS = 50;

/** The evidence as PagerDuty's table of details shows it. */
export function detailsOf({ evidence }: Incident): Details {
  if (evidence.kind === 'pool') return poolDetails(evidence);
  return evidence.kind === 'fleet' ? fleetDetails(evidence) : askDetails(evidence);
}

/** What is broken: the pool, what several pools have in common, or the part of Taskcluster or of ourselves. */
export function componentOf({ evidence, cause }: Incident): string {
  if (evidence.kind === 'pool') return clean(evidence.pool);
  if (evidence.kind === 'fleet') return commonOf(evidence) || whom(evidence);
  if (cause === 'channel-refused') return (evidence.routes ?? []).map(clean).join(', ') || 'channels';
  return cause === 'store-failing' ? 'store' : 'queue';
}

function poolDetails(evidence: PoolEvidence): Details {
  const { lastClaim, usual, pending } = evidence;
  return {
    pool: clean(evidence.pool),
    probe: clean(evidence.probe),
    task: clean(evidence.taskId),
    [evidence.claimed ? 'claimed after' : 'unclaimed for']: spoken(evidence.age),
    'warn at': spoken(evidence.warnAfter),
    'page at': spoken(evidence.pageAfter),
    ...(lastClaim && { 'last claim': `${spoken(lastClaim.ms)}, at ${iso(lastClaim.at)}` }),
    ...(usual !== undefined && { 'usual p95': spoken(usual) }),
    ...(pending !== undefined && { 'tasks pending in the pool': pending }),
  };
}

function fleetDetails(evidence: FleetEvidence): Details {
  const common = commonOf(evidence);
  return {
    since: iso(evidence.since),
    pools: poolLines(evidence, POOLS),
    ...(common !== '' && { 'in common': common }),
    'pools that can be judged': Math.max(evidence.witnesses, evidence.members.length),
    recovered: evidence.recovered,
  };
}

function askDetails({ since, probes, routes }: AskEvidence): Details {
  return {
    since: iso(since),
    'probes affected': probes.length === 0 ? 'all' : probes.map(clean).join(', '),
    ...(routes !== undefined && { 'channels affected': routes.map(clean).join(', ') }),
  };
}
