import { createHash, randomBytes } from 'node:crypto';
import { dayOf, SECOND } from '../evidence/instant.ts';

/**
 * The id of the canary that a probe submits for a slot: the same wherever and however often it is computed, so that every retry and
 * every second prober asks the queue for one and the same task.
 */
export function taskIdOf(deployment: string, probe: string, slot: number): string {
  return slugOf(digest('task', deployment, probe, Math.floor(slot / SECOND)));
}

/** The id of the task group that holds a deployment's canaries of the UTC day an instant falls on. Never equals a canary's id. */
export function taskGroupIdOf(deployment: string, instant: number): string {
  return slugOf(digest('group', deployment, dayOf(instant)));
}

/** An id for a canary sent by hand, which no schedule will ever compute. */
export function randomTaskId(): string {
  return slugOf(randomBytes(16));
}

/** As a JSON array, so that no two different lists of parts read the same. */
function digest(...parts: (string | number)[]): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(['tc-canary', ...parts]))
    .digest()
    .subarray(0, 16);
}

/** 16 bytes as a v4 UUID in URL-safe base64. The first bit is cleared, so that no id starts with `-` and reads as an option. */
function slugOf(bytes: Buffer): string {
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('base64url');
}
