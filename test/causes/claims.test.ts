import { describe, expect, it } from 'vitest';
import { compareClaims, movementOf } from '../../src/judge/causes/claims.ts';
import { HOUR, MINUTE, NOW, SECOND } from './makers.ts';

const ids = (...names: string[]) => names.map((name) => name.padEnd(22, 'A'));
const first = compareClaims(undefined, 'claimed', ids('one', 'two'), NOW);

describe('claims compared', () => {
  it('tell nothing after one look', () => {
    expect(first.compared).toBeUndefined();
    expect(movementOf(first, NOW, MINUTE)).toEqual({ claims: 'cannot tell' });
    expect(movementOf(undefined, NOW, MINUTE)).toEqual({ claims: 'cannot tell' });
  });

  it('move where a task is claimed that was not, however soon', () => {
    const seen = compareClaims(first, 'claimed', ids('two', 'three'), NOW + 2 * SECOND);
    expect(movementOf(seen, NOW + 2 * SECOND, MINUTE)).toEqual({ claims: 'move', claimRate: 1800 });
  });

  it('stand where the same tasks are claimed, or fewer, whatever their times', () => {
    for (const now of [ids('one', 'two'), ids('one'), []]) {
      const seen = compareClaims(first, 'claimed', now, NOW + 2 * MINUTE);
      expect(movementOf(seen, NOW + 2 * MINUTE, MINUTE)).toEqual({ claims: 'stand', claimRate: 0 });
    }
  });

  it('tell nothing of a standstill of seconds, and wait for a later look to be compared with', () => {
    const soon = compareClaims(first, 'claimed', ids('one', 'two'), NOW + 5 * SECOND);
    expect(movementOf(soon, NOW + 5 * SECOND, MINUTE).claims).toBe('cannot tell');
    const later = compareClaims(soon, 'claimed', ids('one', 'two'), NOW + 30 * SECOND);
    expect(later.compared).toEqual({ at: NOW + 30 * SECOND, over: 30 * SECOND, fresh: 0 });
  });

  it('tell nothing across a long break', () => {
    const seen = compareClaims(first, 'claimed', ids('three'), NOW + HOUR);
    expect(movementOf(seen, NOW + HOUR, MINUTE).claims).toBe('cannot tell');
  });

  it('tell nothing where two different lists are compared', () => {
    const seen = compareClaims(first, 'latest', ids('three'), NOW + MINUTE);
    expect(movementOf(seen, NOW + MINUTE, MINUTE).claims).toBe('cannot tell');
  });

  it('tell nothing of now once they are old', () => {
    const seen = compareClaims(first, 'claimed', ids('three'), NOW + MINUTE);
    expect(movementOf(seen, NOW + 10 * MINUTE, 5 * MINUTE).claims).toBe('cannot tell');
  });

  it('go on from an answer that came late to the look before it', () => {
    const seen = compareClaims(first, 'claimed', ids('three'), NOW - MINUTE);
    expect(movementOf(seen, NOW, MINUTE).claims).toBe('cannot tell');
  });

  it('are remembered to have moved while they stand', () => {
    const moved = compareClaims(first, 'claimed', ids('two', 'three'), NOW + MINUTE);
    const later = [3, 5, 25].reduce((seen, minute) => compareClaims(seen, 'claimed', ids('three'), NOW + minute * MINUTE), moved);
    expect(later).toMatchObject({ movedAt: NOW + MINUTE });
    expect(compareClaims(later, 'claimed', ids('four'), NOW + 26 * MINUTE)).toMatchObject({ movedAt: NOW + 26 * MINUTE });
    expect(first.movedAt).toBeUndefined();
  });
});
