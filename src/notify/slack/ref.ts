import type { Incident } from '../../evidence/incident.ts';
import { isObject } from '../../evidence/object.ts';

/** What is remembered of a message, between one step and the next. */
export interface Ref {
  /** The channel's id as Slack answered it, which a name in the configuration is not. */
  channel: string;
  ts: string;
  /** The revision that the message shows. */
  shown: number;
  /** How many entries of the timeline the message and its thread have told. */
  told: number;
}

/** The ref of an incident that the channel was told nothing of, and did not need to be. */
export const UNTOLD = 'untold';

/** Undefined where the text is not a ref of ours, and so tells nothing of what was posted. */
export function parseRef(text: string): Ref | undefined {
  let ref: unknown;
  try {
    ref = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(ref)) return undefined;
  const { channel, ts, shown, told } = ref;
  const sound = typeof channel === 'string' && typeof ts === 'string' && typeof shown === 'number' && typeof told === 'number';
  return sound ? { channel, ts, shown, told } : undefined;
}

/** Whether message and thread are behind the incident. */
export function isBehind(ref: Ref, incident: Incident): boolean {
  return ref.told < incident.timeline.length || ref.shown < incident.revision;
}
