import type { AskEvidence, CapacityEvidence, FleetEvidence, Incident, PoolEvidence } from '../../evidence/incident.ts';
import { iso, spoken } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { budgetText, burnLines } from '../words/budget.ts';
import { counted } from '../words/count.ts';
import { commonOf, poolLines, whom } from '../words/fleet.ts';
import { where } from '../words/stall.ts';
import { type Details, diagnosisDetails, stallDetails } from './figures.ts';

/** How many pools an event lists by name. */
const POOLS = 50;

/** The evidence as PagerDuty's table of details shows it. */
export function detailsOf({ evidence }: Incident): Details {
  switch (evidence.kind) {
    case 'pool':
      return poolDetails(evidence);
    case 'fleet':
      return fleetDetails(evidence);
    case 'capacity':
      return capacityDetails(evidence);
    case 'budget':
      return { since: iso(evidence.since), probes: burnLines(evidence, POOLS) };
    case 'ask':
      return askDetails(evidence);
  }
}

/** What is broken: the pool, what several pools have in common, or the part of Taskcluster or of ourselves. */
export function componentOf({ evidence, cause }: Incident): string {
  if ('pool' in evidence) return clean(evidence.pool);
  if (evidence.kind === 'fleet') return stalled(evidence) ?? (commonOf(evidence) || whom(evidence));
  if (evidence.kind === 'budget') return counted(evidence.burning.length, 'probe');
  if (cause === 'channel-refused') return (evidence.routes ?? []).map(clean).join(', ') || 'channels';
  return cause === 'store-failing' ? 'store' : 'queue';
}

function stalled({ stall }: FleetEvidence): string | undefined {
  if (stall === undefined) return undefined;
  return stall.overall ? 'worker-manager provisioner' : `provider ${where(stall)}`;
}

function poolDetails(evidence: PoolEvidence): Details {
  const { lastClaim, usual } = evidence;
  return {
    pool: clean(evidence.pool),
    probe: clean(evidence.probe),
    task: clean(evidence.taskId),
    [evidence.claimed ? 'claimed after' : 'unclaimed for']: spoken(evidence.age),
    'warn at': spoken(evidence.warnAfter),
    'page at': spoken(evidence.pageAfter),
    ...(lastClaim && { 'last claim': `${spoken(lastClaim.ms)}, at ${iso(lastClaim.at)}` }),
    ...(usual !== undefined && { 'usual p95': spoken(usual) }),
    ...(evidence.budgetLeft !== undefined && { 'error budget': budgetText(evidence.budgetLeft) }),
    ...diagnosisDetails(evidence.diagnosis),
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
    ...diagnosisDetails(evidence.diagnosis),
    ...stallDetails(evidence.stall),
  };
}

function capacityDetails({ pool, since, diagnosis }: CapacityEvidence): Details {
  return { pool: clean(pool), since: iso(since), ...diagnosisDetails(diagnosis) };
}

function askDetails({ since, probes, routes }: AskEvidence): Details {
  return {
    since: iso(since),
    'probes affected': probes.length === 0 ? 'all' : probes.map(clean).join(', '),
    ...(routes !== undefined && { 'channels affected': routes.map(clean).join(', ') }),
  };
}
