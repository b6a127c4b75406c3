import { HOUR, MINUTE, SECOND } from '../../evidence/instant.ts';
import type { ClaimsSeen } from '../../evidence/pool.ts';

/** Letters of a task id that are kept to tell it from others: 48 bits. */
const TELLING = 8;
/** A comparison over less than this that shows nothing new proves no standstill; over more than that it is too old. */
const LEAST = 20 * SECOND;
const MOST = 15 * MINUTE;

/** Takes in who is claimed now, and what that tells beside who was claimed before. */
export function compareClaims(
  known: ClaimsSeen | undefined,
  by: ClaimsSeen['by'],
  taskIds: readonly string[],
  at: number,
): ClaimsSeen {
  const ids = taskIds.map((id) => id.slice(0, TELLING));
  const next: ClaimsSeen = { at, by, ids, ...(known?.movedAt !== undefined && { movedAt: known.movedAt }) };
  if (known === undefined || known.by !== by || at <= known.at) return next;
  const over = at - known.at;
  const before = new Set(known.ids);
  const fresh = ids.filter((id) => !before.has(id)).length;
  if (over > MOST) return next;
  if (fresh > 0 || over >= LEAST) return { ...next, compared: { at, over, fresh }, ...(fresh > 0 && { movedAt: at }) };
  // Too soon to tell anything: the earlier look goes on waiting for one to be compared with.
  return { ...known, ...(known.compared && { compared: known.compared }) };
}

/** Whether claims move, and how many an hour were seen to, at least. */
export function movementOf(
  seen: ClaimsSeen | undefined,
  now: number,
  within: number,
): { claims: 'move' | 'stand' | 'cannot tell'; claimRate?: number } {
  const compared = seen?.compared;
  if (compared === undefined || now - compared.at > within) return { claims: 'cannot tell' };
  if (compared.fresh === 0) return { claims: 'stand', claimRate: 0 };
  return { claims: 'move', claimRate: compared.fresh / (compared.over / HOUR) };
}
