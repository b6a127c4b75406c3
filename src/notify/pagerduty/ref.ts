import type { Incident, Severity } from '../../evidence/incident.ts';
import { isObject } from '../../evidence/object.ts';

/** `none`: nothing was ever sent of this incident. */
type Action = 'trigger' | 'resolve' | 'none';

/** What PagerDuty was last sent. */
export interface Sent {
  action: Action;
  /** How many entries of the timeline it told. */
  told: number;
  /** Of the last trigger. */
  severity?: string;
}

export const NOTHING: Sent = { action: 'none', told: 0 };

export function refOf(sent: Sent, { revision }: Incident): string {
  return JSON.stringify({ ...sent, revision });
}

/**
 * A ref that cannot be read counts as a trigger: one resolve too many does no harm, one too few leaves a page open. Refs of older versions
 * know neither entries nor severity; then each revision had one entry, and all were critical.
 */
export function parseRef(ref: string): Sent {
  const { action, told, severity, revision } = parsed(ref);
  return {
    action: action === 'resolve' || action === 'none' ? action : 'trigger',
    told: numberOf(told) ?? numberOf(revision) ?? 0,
    severity: typeof severity === 'string' ? severity : ('critical' satisfies Severity),
  };
}

function parsed(ref: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(ref);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
