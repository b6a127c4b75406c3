import { describe, expect, it } from 'vitest';
import { CAUSES } from '../src/evidence/incident.ts';
import { MINUTE, SECOND } from '../src/evidence/instant.ts';
import { wording } from '../src/notify/wording.ts';
import { andThen, cannotAsk, entry, messageOf, NIGHT, resolved, stuck, TASK } from './notify-incidents.ts';

const words = (...args: Parameters<typeof stuck>) => wording(messageOf(stuck(...args)));

describe('an incident in words', () => {
  it('names the pool, the pending age against its limit, the last claim and the usual', () => {
    const said = words();
    expect(`${said.sign} ${said.status}`).toBe('🔴 Page');
    expect(said.headline).toBe('gecko-3/decision: no worker has claimed our canary');
    expect(said.reason).toBe('Canary unclaimed for 16m 02s, page at 15m; last claim 12s, 14m 02s ago; usual p95 40s');
  });

  it('says of a warning what comes next', () => {
    const said = words({ level: 'warn' }, { age: 6 * MINUTE });
    expect(said.status).toBe('Warning');
    expect(said.reason).toContain('Canary unclaimed for 6m, warn at 5m, page at 15m');
  });

  it('leaves out what is not known', () => {
    const incident = stuck();
    if (incident.evidence.kind !== 'pool') throw new Error('a pool was expected');
    const { lastClaim: _last, usual: _usual, ...evidence } = incident.evidence;
    expect(wording(messageOf({ ...incident, evidence })).reason).toBe('Canary unclaimed for 16m 02s, page at 15m');
  });

  it('tells recovery from a late claim, and counts the claims that close the incident', () => {
    const late = words({ level: 'warn', timeline: [entry('opened', 'late', NIGHT)] }, { claimed: true, age: 7 * MINUTE });
    expect(late.headline).toContain('claimed late');
    const recovering = wording(
      messageOf(andThen(stuck({}, { claimed: true, good: 1 }), entry('claimed', 'claimed', NIGHT + 31 * MINUTE, false))),
    );
    expect(`${recovering.sign} ${recovering.status}`).toBe('🔵 Recovering');
    expect(recovering.reason).toContain('1 of 2 claims in time that close this');
  });

  it('says how long it lasted once it is over, and asks for nothing any more', () => {
    const said = wording(messageOf(resolved(stuck({}, { claimed: true, age: 12 * SECOND }))));
    expect(`${said.sign} ${said.status}`).toBe('🟢 Resolved');
    expect(said.reason).toMatch(/^Over after 35m; last canary claimed after 12s/);
    expect(said.advice).toBeUndefined();
    expect(words({ ended: NIGHT, end: 'withdrawn' }).status).toBe('Withdrawn');
  });

  it('says of a silenced one until when, by whom and why, and that it comes and goes', () => {
    const silenced = { by: 's-42', until: NIGHT + 60 * MINUTE, reason: 'moving <the> racks' };
    expect(words({ silenced })).toMatchObject({
      sign: '🔕',
      status: 'Page, silenced',
      notes: ['Silenced until 2021-10-09 00:00 UTC, by s-42: moving <the> racks'],
    });
    const flapping = words({ level: 'warn', flappingSince: NIGHT, silenced });
    expect(flapping.status).toBe('Warning, flapping, silenced');
    expect(flapping.notes).toHaveLength(2);
    expect(words({ flappingSince: NIGHT })).toMatchObject({ sign: '🔴', status: 'Page, flapping' });
    expect(wording(messageOf(resolved(stuck({ silenced, flappingSince: NIGHT })))).notes).toEqual([]);
  });

  it('says in which incident one goes on', () => {
    expect(words({ ended: NIGHT, end: 'folded', into: 'firefox-ci/probe:a/2021-10-08T22:00:00Z' })).toMatchObject({
      sign: '⚪',
      status: 'Folded',
      headline: 'gecko-3/decision: goes on in another incident',
      reason: 'It went bad together with others; see firefox-ci/probe:a/2021-10-08T22:00:00Z',
    });
    const into = 'firefox-ci/ask:queue-unreachable/2021-10-08T23:09:00Z';
    expect(wording(messageOf({ ...cannotAsk('queue-degraded'), ended: NIGHT, end: 'folded', into }))).toMatchObject({
      headline: 'firefox-ci: goes on in another incident',
      reason: `It is told of there; see ${into}`,
    });
  });

  it('is recovering until a canary waits again, whatever is said between', () => {
    const claimed = andThen(stuck({}, { claimed: true }), entry('claimed', 'after 31m', NIGHT + 31 * MINUTE, false));
    const reminded = andThen(claimed, entry('reminder', 'for 1h', NIGHT + 60 * MINUTE));
    expect(wording(messageOf(reminded)).status).toBe('Recovering');
    expect(wording(messageOf(andThen(reminded, entry('changed', 'unclaimed', NIGHT + 61 * MINUTE)))).status).toBe('Page');
  });

  it('names the channels that refuse', () => {
    const { reason } = wording(messageOf(cannotAsk('channel-refused', { routes: ['slack:C1', 'pagerduty:0123456789ab'] })));
    expect(reason).toBe('Since 23:00:00 UTC, for 5m now; channels affected: slack:C1, pagerduty:0123456789ab');
  });

  it('says of what was found this very moment since when, and no length of time', () => {
    const found = { ...cannotAsk('clock-off', { probes: ['a'] }), timeline: [entry('opened', 'our clock is off', NIGHT + 40)] };
    expect(wording(messageOf(found)).reason).toBe('Since 23:00:00 UTC; probe affected: a');
  });

  it('of what was opened again says since when it has been so this time, and for how long', () => {
    const again = cannotAsk('queue-unreachable', { since: NIGHT + 33 * MINUTE });
    const open = andThen(again, entry('reopened', 'for 5m: connect ECONNREFUSED', NIGHT + 38 * MINUTE));
    expect(wording(messageOf(open)).reason).toBe('Since 23:33:00 UTC, for 5m now; all probes affected');
  });

  it('puts the runbook first among the links', () => {
    expect(words({ runbook: 'https://example.com/run' }).links[0]).toEqual({ label: 'Runbook', href: 'https://example.com/run' });
  });

  it('names the probe where it is not named for its pool', () => {
    expect(words({}, { probe: 'decision-high' }).headline).toContain('gecko-3/decision (probe decision-high)');
  });

  it("links the task and the pool in Taskcluster's own interface", () => {
    expect(words().links.map(({ href }) => href)).toEqual([
      `https://tc.example.com/tasks/${TASK}`,
      'https://tc.example.com/worker-manager/gecko-3%2Fdecision',
      'https://tc.example.com/worker-manager/gecko-3%2Fdecision/errors',
    ]);
  });

  it.each(CAUSES)('has words and advice for %s', (cause) => {
    const open = wording(messageOf(cannotAsk(cause, { probes: ['a', 'b'] })));
    expect(open.headline).toMatch(/^firefox-ci: .{10,}/);
    expect(open.advice).toMatch(/\.$/);
    expect(open.detail).toBe('connect ECONNREFUSED');
    const ours = cause === 'channel-refused' || cause === 'store-failing';
    expect(open.reason).toBe(`Since 23:00:00 UTC, for 5m now${ours ? '' : '; probes affected: a, b'}`);
    const over = wording(messageOf({ ...cannotAsk(cause), ended: NIGHT + 9 * MINUTE, end: 'resolved' }));
    expect(over.headline).not.toBe(open.headline);
    expect(over.reason).toBe('Over after 9m');
  });
});
