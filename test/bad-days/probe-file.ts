const DEPLOYMENT = 'crashes';
export const POOL = 'proj-demo/linux';
export const CHANNEL = 'C0123456789';

/** Timing of the one probe, in a probe file's words. */
export interface Timing {
  schedule: string;
  warnAfter: string;
  pageAfter: string;
}

/** A probe file with one probe; secrets, addresses and the store come from the environment. */
export function probeFile({ schedule, warnAfter, pageAfter }: Timing): string {
  return `deployment: ${DEPLOYMENT}
taskcluster:
  rootUrl: \${TASKCLUSTER_ROOT_URL}
slack:
  token: \${SLACK_BOT_TOKEN}
  channel: ${CHANNEL}
  apiUrl: \${SLACK_API_URL}
pagerduty:
  routingKey: \${PAGERDUTY_ROUTING_KEY}
  eventsUrl: \${PAGERDUTY_EVENTS_URL}
task:
  schedulerId: tc-canary
  owner: canary@example.com
  source: https://example.com/canary
probes:
  - pool: ${POOL}
    schedule: '${schedule}'
    warnAfter: ${warnAfter}
    pageAfter: ${pageAfter}
    resolveAfter: 1
    payload: generic-worker
`;
}
