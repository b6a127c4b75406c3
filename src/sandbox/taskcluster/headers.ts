import { randomUUID } from 'node:crypto';
import { DAY, iso } from '../../evidence/instant.ts';

const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The instant as HTTP writes it, in whole seconds. */
function httpDate(instant: number): string {
  const text = iso(instant);
  const day = DAYS[Math.floor(instant / DAY) % 7];
  return `${day}, ${text.slice(8, 10)} ${MONTHS[Number(text.slice(5, 7)) - 1]} ${text.slice(0, 4)} ${text.slice(11, 19)} GMT`;
}

/** What the services send with every answer. `traceId` is the caller's, where it sent one. */
export function headersOf(now: number, traceId: string | undefined): Record<string, string> {
  return {
    date: httpDate(now),
    'x-for-trace-id': traceId ?? randomUUID(),
    'x-for-request-id': randomUUID(),
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
    'cache-control': 'no-store no-cache must-revalidate',
  };
}
