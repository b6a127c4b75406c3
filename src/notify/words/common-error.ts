import type { CommonError, Diagnosis } from '../../evidence/diagnosis.ts';
import { clean, clip } from '../text.ts';
import { counted } from './count.ts';
import type { PoolCause } from './pool-cause.ts';

/** A title in a sentence; the whole text stands below it. */
const TITLE = 120;

/** Some errors are usual: where tasks are claimed, or workers are there and idle, they explain nothing. */
const TELLING = new Set<string>([
  'provisioning-stalled',
  'provisioning-errors',
  'provisioning-slow',
  'boot-stalled',
  'not-provisioned',
  'unexplained',
] satisfies PoolCause[]);

/** `, most often "Operation failed, QUOTA_EXCEEDED" (at least 41 times)`, for not all are listed; nothing where none was. */
export function mostly(all: number, error: CommonError | undefined): string {
  if (error === undefined) return '';
  const { kind, title, code = '' } = error;
  const name = `"${clip(listed([title || kind, code]), TITLE)}"`;
  if (all === 1) return `: ${name}`;
  return error.count >= all ? `, all of them ${name}` : `, most often ${name} (at least ${counted(error.count, 'time')})`;
}

/** The commonest error as the cloud provider put it: untrusted, and of any length. */
export function errorText(error: CommonError): string {
  const { kind, title, description, code = '' } = error;
  return [listed([kind, title, code]), clean(description)].filter((part) => part !== '').join(': ');
}

/** Providers say the same in several fields. */
function listed(parts: readonly string[]): string {
  return [...new Set(parts.map(clean).filter((part) => part !== ''))].join(', ');
}

export function errorOf({ cause, figures }: Diagnosis): string | undefined {
  return figures.commonError === undefined || !TELLING.has(cause) ? undefined : errorText(figures.commonError);
}
