import { instantOf } from '../evidence/instant.ts';
import { isObject } from '../evidence/object.ts';
import type { ErrorStats, ProvisioningError } from '../evidence/reading.ts';
import { instantAt, objectAt, textAt } from './json.ts';

export function errorStatsOf(body: unknown): ErrorStats | undefined {
  const totals = objectAt(body, 'totals');
  const hourly = talliesOf(totals['hourly'])?.map(([hour, count]) => ({ at: instantOf(hour), count }));
  const byPool = talliesOf(totals['workerPool']);
  if (hourly === undefined || byPool === undefined || hourly.some(({ at }) => Number.isNaN(at))) return undefined;
  return { hourly: hourly.sort((a, b) => a.at - b.at), byPool: Object.fromEntries(byPool) };
}

function talliesOf(value: unknown): [name: string, count: number][] | undefined {
  if (!isObject(value)) return undefined;
  const all = Object.entries(value);
  const tallies = all.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return tallies.length === all.length ? tallies : undefined;
}

/** Google's provider calls the cloud's code `errorCode` where an instance could not be made; it may be an HTTP status. */
export function provisioningErrorOf(value: unknown): ProvisioningError | undefined {
  const at = instantAt(value, 'reported');
  const kind = textAt(value, 'kind');
  const title = textAt(value, 'title');
  const description = textAt(value, 'description');
  if (at === undefined || kind === undefined || title === undefined || description === undefined) return undefined;
  const { code, errorCode } = objectAt(value, 'extra');
  const said = code ?? errorCode;
  return { at, kind, title, description, ...((typeof said === 'string' || typeof said === 'number') && { code: String(said) }) };
}
