import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../src/evidence/instant.ts';
import { wording } from '../src/notify/wording.ts';
import { andThen, CAUSES, cannotAsk, entry, messageOf, NIGHT, resolved, stuck, TASK } from './notify-incidents.ts';

const words = (...args: Parameters<typeof stuck>) => wording(messageOf(stuck(...args)));

describe('an incident in words', () => {
  it('names the pool, the pending age against its limit, the last claim and the usual', () => {
    const said = words();
    expect(`${said.sign} ${said.status}`).toBe('🔴 Page');
    expect(said.headline).toBe('gecko-3/decision: no worker has claimed our canary');
    expect(said.reason).toBe('Canary unclaimed for 16m 02s, page at 15m; last claim 12s, 14m 02s ago; usual p95 40s');
  });

  it('says of a warning what comes next, and how much is pending', () => {
    const said = words({ level: 'warn' }, { age: 6 * MINUTE, pending: 12 });
    expect(said.status).toBe('Warning');
    expect(said.reason).toContain('Canary unclaimed for 6m, warn at 5m, page at 15m');
    expect(said.reason).toContain('12 tasks pending in the pool');
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
    expect(open.reason).toBe('Since 23:00:00 UTC, for 5m now; probes affected: a, b');
    const over = wording(messageOf({ ...cannotAsk(cause), ended: NIGHT + 9 * MINUTE, end: 'resolved' }));
    expect(over.headline).not.toBe(open.headline);
    expect(over.reason).toBe('Over after 9m');
  });
});
