import { describe, expect, it } from 'vitest';
import type { CommonError } from '../src/evidence/diagnosis.ts';
import type { Cause, Incident } from '../src/evidence/incident.ts';
import { MINUTE } from '../src/evidence/instant.ts';
import { Secret } from '../src/evidence/secret.ts';
import { trigger } from '../src/notify/pagerduty/event.ts';
import { post } from '../src/notify/slack/message.ts';
import { bodyOf } from '../src/notify/webhook/body.ts';
import { wording } from '../src/notify/wording.ts';
import { troubleOfBlocks } from '../src/sandbox/receivers/slack-blocks.ts';
import { mentionsIn, renderSlackMessage } from '../src/sandbox/receivers/slack-render.ts';
import { jsonText, reportJson } from '../src/views/json.ts';
import { reportLines } from '../src/views/terminal/report.ts';
import { NO_COLORS, width } from '../src/views/terminal/text.ts';
import { diagnosed, ill, seenFrom, stalled, ZONE_IS_FULL } from './notify-causes.ts';
import { andThen, cannotAsk, entry, fleet, membersOf, messageOf, NIGHT, resolved, stuck } from './notify-incidents.ts';

const words = (incident: Incident) => wording(messageOf(incident));
const labels = (incident: Incident) => words(incident).links.map(({ label }) => label);
const slack = (incident: Incident) => post(messageOf(incident), { revision: 1, told: 1, over: false });
const page = (incident: Incident) =>
  JSON.parse(trigger(messageOf(incident), { severity: 'critical' }, new Secret('k'.repeat(32)))).payload;
const hook = (incident: Incident) => JSON.parse(bodyOf(messageOf(incident), 0)).incident;
const reportOf = (incident: Incident) => ({
  deployment: 'firefox-ci',
  rootUrl: 'https://tc.example.com',
  at: NIGHT + 20 * MINUTE,
  since: NIGHT,
  probes: [],
  incidents: [incident],
  silences: [],
  skew: 0,
  dwell: {},
  undelivered: [],
});
const terminal = (incident: Incident, room = 400) => reportLines(reportOf(incident), NO_COLORS, room);
const everywhere = (incident: Incident) =>
  [...renderSlackMessage(slack(incident)), JSON.stringify(page(incident)), ...terminal(incident)].join('\n');

const RESTART = 'kill the taskcluster-worker-manager-provisioner pod, so that Kubernetes starts a new one';
const CANARY = 'Canary unclaimed for 16m 02s, page at 15m; last claim 12s, 14m 02s ago; usual p95 40s';

/** What is wrong, what proves it, and what to do. */
const SAID: [Cause, Incident, headline: string, proof: string, remedy: string][] = [
  [
    'provisioning-stalled',
    ill('provisioning-stalled'),
    'no workers are being created',
    'No workers are being created, although tasks wait and the maximum is not reached: 31 tasks wait, the oldest for 17m; ' +
      'the newest worker was created 1h 08m ago; capacity 12 running, 0 requested, 40 at most; no provisioning errors in the ' +
      'last hour',
    RESTART,
  ],
  [
    'provisioning-errors',
    ill('provisioning-errors'),
    'workers cannot be created',
    'Creating workers fails at gcp-fxci: 57 provisioning errors in the last hour (usually 2), most often "Operation ' +
      'failed, ZONE_RESOURCE_POOL_EXHAUSTED" (at least 41 times); 31 tasks wait, the oldest for 17m; no worker created in ' +
      'the last hour, 34 usual at this time of day; the newest worker was created 1h 08m ago',
    'add regions, raise the quota, or wait',
  ],
  [
    'provisioning-slow',
    ill('provisioning-slow'),
    'workers are created far too slowly',
    'Workers are created far more slowly than usual: 4 workers created in the last hour, 34 usual at this time of day; 31 ' +
      'tasks wait, the oldest for 17m; no provisioning errors in the last hour',
    'status page',
  ],
  [
    'boot-stalled',
    ill('boot-stalled'),
    'a requested worker does not come up',
    'A requested worker has not come up after 47m, while the slowest of the last ones took 2m 10s: 6 tasks wait, the ' +
      'oldest for 17m; capacity 0 running, 1 requested, 40 at most; no provisioning errors in the last hour',
    "worker-manager's removeWorker",
  ],
  [
    'boot-stalled',
    ill('boot-stalled', { young: 52, youngGone: 51, created: 617 }),
    'workers are created, and are gone again at once',
    'Workers are created and gone again before they claim: 51 of 52 that came within ten minutes are, of 617 workers within the ' +
      'last hour: 6 tasks wait, the oldest for 17m; capacity 0 running, 1 requested, 40 at most; no provisioning errors in the ' +
      'last hour',
    'restarting the provisioner does not help',
  ],
  [
    'workers-not-claiming',
    ill('workers-not-claiming', { claims: 'move', claimRate: 30, running: 173, claimed: 60, quarantined: 0 }),
    'workers run, and many claim nothing',
    'Of 173 tasks that its workers could run at once they have only 60, although others wait: the last sign of a worker is 41m old; ' +
      '31 tasks wait, the oldest for 17m; capacity 173 running, 0 requested, 40 at most; claims move, at least 30 an hour',
    'go back to the last image or configuration',
  ],
  [
    'workers-not-claiming',
    ill('workers-not-claiming'),
    'workers run, and claim nothing',
    'Workers run, and claim nothing of what waits: 9 of 12 workers in quarantine; the last sign of a worker is 41m old; 31 ' +
      'tasks wait, the oldest for 17m; capacity 12 running, 0 requested, 40 at most; claims stand still',
    'Lift the quarantine',
  ],
  [
    'not-provisioned',
    ill('not-provisioned'),
    'no worker is requested for the tasks that wait',
    'The provisioner requests no worker at azure2, although tasks wait and the maximum is not reached: 31 tasks wait, the ' +
      'oldest for 17m; capacity 0 running, 0 requested, 40 at most; no provisioning errors in the last hour; the newest ' +
      'worker was created 5h ago',
    "Perhaps the provider's set-up failed",
  ],
  [
    'over-provisioned',
    ill('over-provisioned'),
    'more workers than allowed, and they claim nothing',
    'There are workers for 1,580 tasks at once, where 10 is the maximum, and they claim nothing: 86 tasks wait, the oldest ' +
      'for 17m; 120 workers created in the last hour, 34 usual at this time of day; claims stand still',
    "Set the pool's maximum capacity to 0",
  ],
  [
    'at-capacity',
    ill('at-capacity'),
    'all its workers are busy, and tasks queue',
    'A queue, not a break, with all its workers busy and the maximum reached: it works on 40 of at most 40 tasks at ' +
      'once; 122 tasks wait, the oldest for 17m; claims move, at least 96 an hour; at that rate all that wait now are claimed ' +
      'within 1h 16m',
    'Nothing is broken',
  ],
  [
    'backlog',
    ill('backlog'),
    'tasks queue, and are being claimed',
    'A queue, not a break, for tasks are being claimed and others come before ours: 31 tasks wait, the oldest for 17m; ' +
      'capacity 12 running, 8 requested, 40 at most; claims move, at least 96 an hour; at that rate all that wait now are claimed within 19m',
    'Nothing is broken',
  ],
  [
    'unexplained',
    ill('unexplained'),
    'no worker has claimed our canary',
    'None of the known causes fits: 2 tasks wait, the oldest for 17m; capacity 12 running, 1 requested, 40 at most; the ' +
      'newest worker was created 3m ago; 30 workers created in the last hour, 34 usual at this time of day; no provisioning ' +
      'errors in the last hour; claims move, at least 62 an hour; the last sign of a worker is 4m old',
    "The pool's page",
  ],
];

/** What is said of a cause that may be another. */
const UNSURE: Partial<Record<Cause, RegExp>> = {
  unexplained: /^None of the known causes fits/,
  backlog: /^Tasks are still claimed, perhaps by the last workers, for worker-manager does not tell whether others come/,
};

describe('a cause', () => {
  it.each(SAID)('%s is told by its numbers, and with what to do', (cause, incident, headline, proof, remedy) => {
    const said = words(incident);
    expect(said.headline).toBe(`gecko-3/decision: ${headline}`);
    expect(said.reason).toBe(`${proof}. ${CANARY}`);
    expect(said.advice).toContain(remedy);
    expect(said.advice).toMatch(/\.$/);
    expect(page(incident).class).toBe(cause);
    expect(terminal(incident)).toContain(`        ${proof}`);
    expect(everywhere(incident)).not.toMatch(/undefined|NaN|null|Infinity|Invalid/);
  });

  it.each(SAID)('%s is told where nothing else could be read', (cause, incident) => {
    const { evidence } = incident;
    if (evidence.kind !== 'pool') throw new Error('a pool was expected');
    const diagnosis = { cause, confidence: 'likely', figures: { at: NIGHT, claims: 'cannot tell' } } as const;
    const bare: Incident = { ...incident, evidence: { ...evidence, diagnosis } };
    expect(words(bare).reason).toMatch(UNSURE[cause] ?? /^Probably /);
    expect(everywhere(bare)).not.toMatch(/undefined|NaN|null|Infinity|Invalid/);
  });

  it('says in a word that it cannot tell whether claims move, and what could not be read where that leaves all open', () => {
    expect(words(ill('workers-not-claiming', { claims: 'cannot tell' })).reason).toContain('whether claims move cannot be told');
    const diagnosis = { cause: 'unexplained', confidence: 'sure', figures: { at: NIGHT, claims: 'cannot tell' } } as const;
    expect(words(stuck({}, { diagnosis })).reason).toContain(
      'could not be read: how many tasks wait, its capacity, its newest worker, its provisioning errors, the workers that ' +
        'the queue knows',
    );
  });

  it('says of a count of nothing that our canary proves it wrong, while it waits', () => {
    const miscounted = words(ill('unexplained', { pending: 0 }));
    expect(miscounted.reason).toMatch(
      /^The queue counts no waiting task in this pool, and yet our canary waits \(taskcluster#8525\)/,
    );
    expect(miscounted.advice).toContain('taskcluster#8525');
    const late = stuck({ level: 'warn' }, { claimed: true, diagnosis: diagnosed('unexplained', { pending: 0 }) });
    expect(words(late).reason).not.toContain('8525');
  });

  it('says of a queue in which all have come after our canary that it has lost it', () => {
    const lost = words(ill('unexplained', { overtaken: true }));
    expect(lost.reason).toMatch(
      /^All that wait in the queue have come after our canary, which it seems to have lost \(taskcluster#8525\): 2 tasks wait/,
    );
    expect(lost.advice).toContain('Cancel our canary too');
  });

  it('has another remedy where the figures ask for it', () => {
    expect(words(ill('workers-not-claiming', { quarantined: 0 })).advice).toContain('log of one running worker');
    expect(words(ill('not-provisioned', { launchConfigs: 0 }))).toMatchObject({
      reason: expect.stringContaining('the pool has no launch configuration'),
      advice: expect.stringContaining('Give the pool a launch configuration'),
    });
  });

  it('says of hardware that it is busy, and not that a maximum could be raised', () => {
    const figures = { at: NIGHT, claims: 'stand', pending: 2, claimed: 1, workers: 1 } as const;
    const said = words(stuck({ cause: 'at-capacity' }, { diagnosis: { cause: 'at-capacity', confidence: 'sure', figures } }));
    expect(said.reason).toMatch(
      /^A queue, not a break, with all its workers busy: it works on 1 task; 2 tasks wait; claims stand still/,
    );
    expect(said.advice).toBe('Nothing is broken. Wait, or give the pool more machines.');
  });

  it('says of machines that worker-manager does not know no more than that they claim nothing', () => {
    const figures = { at: NIGHT, claims: 'stand', pending: 14, claimed: 0, workers: 12, lastActive: 58 * MINUTE } as const;
    const diagnosis = { cause: 'workers-not-claiming', confidence: 'sure', figures } as const;
    const said = words(stuck({ cause: 'workers-not-claiming' }, { diagnosis }));
    expect(said.headline).toBe('gecko-3/decision: no worker claims what waits');
    expect(said.reason).toMatch(/^No worker claims any of what waits: the last sign of a worker is 58m old; 14 tasks wait/);
    expect(said.advice).toMatch(/^See whether its machines are up and reach Taskcluster, and read the log of one/);
  });

  it('says of a pool that may have no worker just that', () => {
    const closed = { maxCapacity: 0, running: 0, claimed: 0, pending: 5, claims: 'stand' } as const;
    const { eta: _eta, ...figures } = diagnosed('at-capacity', closed).figures;
    const said = words(stuck({ cause: 'at-capacity' }, { diagnosis: { cause: 'at-capacity', confidence: 'likely', figures } }));
    expect(said.headline).toBe('gecko-3/decision: its maximum capacity is 0');
    expect(said.reason).toMatch(
      /^No worker may be created, for the maximum capacity of the pool is 0: capacity 0 running, 0 requested, 0 at most; 5 tasks wait/,
    );
    expect(said.advice).toMatch(/^Raise the pool's maximum capacity\. If it is 0 on purpose, silence the pool/);
  });

  it('of which nobody can tell whether workers come is not told as a queue in which nothing is broken', () => {
    const said = words(stuck({ cause: 'backlog' }, { diagnosis: diagnosed('backlog', {}, 'likely') }));
    expect(said.headline).toBe('gecko-3/decision: tasks wait, and worker-manager does not tell whether workers come');
    expect(said.reason).not.toContain('not a break');
    expect(said.advice).toMatch(/^See whether worker-manager answers and makes workers/);
  });

  it("quotes the cloud provider's words only where they may explain it", () => {
    const { description } = ZONE_IS_FULL;
    expect(words(ill('provisioning-errors')).detail).toBe(
      `creation-error, Operation failed, ZONE_RESOURCE_POOL_EXHAUSTED: ${description}`,
    );
    const twice = { ...ZONE_IS_FULL, title: 'VcpuLimitExceeded', code: 'VcpuLimitExceeded' };
    expect(words(ill('provisioning-errors', { commonError: twice })).reason).toContain('most often "VcpuLimitExceeded" (');
    expect(words(ill('backlog', { errors: 3, commonError: ZONE_IS_FULL })).detail).toBeUndefined();
  });

  it('is no news any more where workers claim again, or all is over', () => {
    const incident = stuck({ cause: 'boot-stalled' }, { claimed: true, diagnosis: diagnosed('boot-stalled') });
    const recovering = andThen(incident, entry('claimed', 'after 31m', NIGHT + 31 * MINUTE, false));
    expect(words(recovering).reason).toMatch(/^Canary claimed after/);
    expect(words(resolved(incident)).reason).toMatch(/^Over after 35m; last canary claimed after/);
    expect(words(resolved(incident)).detail).toBeUndefined();
  });

  it('is told of several pools as that of most', () => {
    const said = words(fleet(12, { cause: 'provisioning-errors' }, { diagnosis: diagnosed('provisioning-errors') }));
    expect(said.headline).toBe('12 pools: workers cannot be created (provider gcp, level 3)');
    expect(said.reason).toMatch(
      /^Creating workers fails at gcp-fxci: 57 .*; alike in most of these pools\. 12 of 15 pools that can/,
    );
  });

  it('is told of a pool that no canary asks', () => {
    const incident = seenFrom('over-provisioned');
    expect(words(incident)).toMatchObject({
      headline: 'gecko-t/t-linux-metal: more workers than allowed, and they claim nothing',
      reason: expect.stringMatching(/^There are workers for 1,580 .*\. Seen in the pool's figures since 23:00:00 UTC, for 5m$/),
    });
    expect(page(incident)).toMatchObject({
      component: 'gecko-t/t-linux-metal',
      custom_details: { 'capacity running, in tasks': 1_540, 'capacity at most, in tasks': 10, claims: 'stand' },
    });
    expect(hook(incident)).toMatchObject({ pools: ['gecko-t/t-linux-metal'], evidence: { kind: 'capacity' } });
    expect(terminal(incident)[4]).toMatch(/^■ page {2}gecko-t\/t-linux-metal {2}opened/);
    expect(words(resolved(incident))).toMatchObject({
      headline: 'gecko-t/t-linux-metal: its workers are as they should be again',
      reason: 'Over after 35m',
    });
  });

  it('that a pool is gone is one of the configuration', () => {
    expect(words(cannotAsk('pool-gone', { probes: ['gecko-3/decision'] }))).toMatchObject({
      headline: 'firefox-ci: a probed pool is gone',
      advice: expect.stringContaining('Correct its name in the probe file'),
    });
  });

  it.each<[Cause, string[]]>([
    ['provisioning-errors', ['/tasks/', '/worker-manager/gecko-3%2Fdecision', '/worker-manager/gecko-3%2Fdecision/errors']],
    ['boot-stalled', ['/tasks/', '/worker-manager/gecko-3%2Fdecision', '/worker-manager/gecko-3%2Fdecision/workers', '/errors']],
    ['workers-not-claiming', ['/tasks/', '/worker-manager/', '/provisioners/gecko-3/worker-types/decision']],
    ['at-capacity', ['/tasks/', '/worker-manager/', '/provisioners/gecko-3/worker-types/decision/pending-tasks']],
  ])('%s links where it shows', (cause, paths) => {
    const links = words(ill(cause)).links.map(({ href }) => href);
    expect(links).toEqual(paths.map((path) => expect.stringContaining(path)));
  });
});

describe('that no worker comes to be', () => {
  it('ends the hunt before any canary is late', () => {
    const said = words(stalled());
    expect(`${said.sign} ${said.status}: ${said.headline}`).toBe('🔴 Page: No workers are being created at any provider');
    expect(said.reason).toBe(
      'No worker was created in any of 38 pools for 11m, while 212 tasks wait in 9 of them (unmet since 23:02:00 UTC); ' +
        'no provisioning errors: the provisioner has stopped. No canary of ours is late yet',
    );
    expect(said.advice).toContain(RESTART);
    expect(labels(stalled())).toEqual(['Worker pools', 'Provisioning errors']);
    expect(renderSlackMessage(slack(stalled()))).toContain('• gecko-t/t-linux-0  20 tasks wait');
    expect(terminal(stalled())[4]).toMatch(/^■ page {2}any provider {2}opened/);
    expect(everywhere(stalled())).not.toMatch(/undefined|NaN|null|Infinity|Invalid|0 pools/);
  });

  it('tells which provider reported the errors, where others did not', () => {
    const change = { overall: false, errors: 229, commonError: ZONE_IS_FULL, failing: ['gcp-fxci'] };
    expect(words(stalled(change)).reason).toContain(
      '; 229 provisioning errors in the last hour at gcp-fxci alone, most often "Operation failed, ZONE_RESOURCE_POOL_EXHAUSTED"',
    );
  });

  it('names the pool where it is one', () => {
    const change = {
      overall: false,
      providers: ['azure'],
      watched: 1,
      unmet: [{ pool: 'gecko-t/win11', pending: 27 }],
      waiting: 27,
    };
    expect(words(stalled(change)).reason).toMatch(
      /^No worker was created in the one pool watched at azure for 11m, while 27 tasks wait in gecko-t\/win11 \(unmet since/,
    );
  });

  it('is in PagerDuty with its figures by name', () => {
    expect(page(stalled())).toMatchObject({
      class: 'provisioning-stalled',
      component: 'worker-manager provisioner',
      custom_details: {
        providers: 'all',
        'newest worker created at': '2021-10-08T23:01:00.000Z',
        'pools watched': 38,
        'pools with unmet demand': 9,
        'tasks pending in those': 212,
        'provisioning errors in the last hour': 0,
      },
    });
  });

  it('of one provider names it, and looks at the provider first', () => {
    const one = stalled({ overall: false, providers: ['azure2'], watched: 12 }, 5);
    expect(words(one)).toMatchObject({
      headline: 'No workers are being created at azure2',
      reason: expect.stringMatching(
        /12 pools at azure2 .* the provisioner passes over azure2\. Canaries are late in 5 pools, the longest/,
      ),
      advice: expect.stringMatching(/^See the provider's status page.* restart worker-manager's provisioner/),
    });
    expect(page(one).component).toBe('provider azure2');
  });

  it('is no certain fault of the provisioner where errors are reported, or cannot be read', () => {
    const errors = { errors: 57, commonError: ZONE_IS_FULL };
    expect(words(stalled({ ...errors, overall: false, providers: ['gcp-fxci'] }))).toMatchObject({
      reason: expect.not.stringContaining('provisioner'),
      detail: expect.stringContaining('does not have enough resources'),
    });
    expect(words(stalled(errors)).reason).toContain('that would not stop every provider: the provisioner has probably stopped');
    const { errors: _unread, ...stall } = stallOf(stalled());
    const unread = stalled();
    if (unread.evidence.kind === 'fleet') unread.evidence = { ...unread.evidence, stall };
    expect(words(unread).reason).toContain('the provisioner has probably stopped');
  });

  it('does not recover by the claims of warm workers', () => {
    const incident = stalled({}, 3);
    for (const member of membersOf(incident)) member.claimed = true;
    expect(words(incident)).toMatchObject({
      status: 'Page',
      reason: expect.stringMatching(/Canaries are late in 3 pools$/),
    });
  });

  it('is over when workers are created again', () => {
    expect(words(resolved(stalled()))).toMatchObject({
      status: 'Resolved',
      headline: 'Workers are being created again',
      reason: 'Over after 34m',
    });
  });
});

describe('the numbers for machines', () => {
  it('are in the webhook and in the report alike, every key always there', () => {
    const json = diagnosisOf(hook(ill('provisioning-errors')));
    expect(json).toMatchObject({
      cause: 'provisioning-errors',
      confidence: 'sure',
      figures: { at: '2021-10-08T23:16:00.000Z', pending: 31, newestWorker: 4_080, eta: null, errors: 57 },
    });
    const bare = { cause: 'backlog', confidence: 'sure', figures: { at: NIGHT, claims: 'move' } } as const;
    const keys = (of: Incident) => Object.keys((diagnosisOf(hook(of)) as { figures: object }).figures);
    expect(keys(stuck({}, { diagnosis: bare }))).toEqual(keys(ill('provisioning-errors')));
    const [reported] = JSON.parse(jsonText(reportJson(reportOf(ill('provisioning-errors'))))).incidents;
    expect(reported).toMatchObject({ diagnosis: json, stall: null });
  });

  it('tell of a stall since when, where, and of what it is in want', () => {
    const stall = {
      newestWorker: '2021-10-08T23:01:00.000Z',
      unmetSince: '2021-10-08T23:02:00.000Z',
      providers: ['aws', 'gcp-fxci'],
      overall: true,
      watched: 38,
      waiting: 212,
      errors: 0,
      commonError: null,
    };
    expect(hook(stalled()).evidence).toMatchObject({ kind: 'fleet', diagnosis: null, stall });
    const [reported] = JSON.parse(jsonText(reportJson(reportOf(stalled())))).incidents;
    expect(reported).toMatchObject({ diagnosis: null, stall });
  });

  it('are absent from incidents that were stored before there were any', () => {
    const old = JSON.parse(JSON.stringify(stuck()));
    old.evidence.pending = 7;
    expect(words(old)).toMatchObject({ headline: 'gecko-3/decision: no worker has claimed our canary', reason: CANARY });
    expect(hook(old).evidence).toMatchObject({ pending: null, diagnosis: null });
    expect(everywhere(old)).not.toMatch(/undefined|NaN/);
  });
});

describe('a hostile error of a cloud provider', () => {
  const evil = '<!channel> \u202E*x* ```<@U1>\u001b[2J\u0007\ud800 &'.repeat(250);
  const commonError: CommonError = { kind: evil, title: evil, description: evil, code: evil, count: 3 };
  const incidents = [
    ill('provisioning-errors', { commonError, provider: evil }),
    ill('unexplained', { errors: 3, commonError }),
    seenFrom('provisioning-errors', { commonError, provider: evil }),
    fleet(12, {}, { diagnosis: diagnosed('provisioning-errors', { commonError, provider: evil }) }),
    stalled({ errors: 3, commonError, overall: false, providers: [evil, evil, evil, evil, evil] }),
  ];

  it.each(incidents.map((incident, at) => [at, incident] as const))('does no harm (%i)', (_at, incident) => {
    const content = slack(incident);
    expect(troubleOfBlocks(content.blocks)).toBeUndefined();
    expect(mentionsIn(content)).toEqual([]);
    expect(JSON.stringify([content, page(incident), hook(incident)])).not.toMatch(/[\p{Cf}\p{Cc}]|\\ud8|\\u00/u);
    expect(page(incident).summary.length).toBeLessThanOrEqual(1_024);
    expect(JSON.stringify(hook(incident)).length).toBeLessThan(40_000);
    const lines = terminal(incident, 80);
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(80);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines.length).toBeLessThan(60);
  });
});

function stallOf({ evidence }: Incident) {
  if (evidence.kind !== 'fleet' || evidence.stall === undefined) throw new Error('a stall was expected');
  return evidence.stall;
}

function diagnosisOf({ evidence }: { evidence: { diagnosis: unknown } }) {
  return evidence.diagnosis;
}
