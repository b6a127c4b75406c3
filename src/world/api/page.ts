import { ApiError } from './error.ts';

const LARGEST = 1000;

/** What every paged method takes in its query. */
export const PAGED = { continuationToken: /./, limit: /^[0-9]+$/ };

interface Page<T> {
  rows: T[];
  /** Where there is more; empty otherwise, to be spread into the body. */
  token: { continuationToken?: string };
}

function sizeOf(query: Record<string, string>): number {
  return Math.min(Number(query['limit'] ?? LARGEST), LARGEST);
}

/** A page by its offset. A token of foreign characters is an error; any other that means nothing starts from the front. */
export function page<T>(rows: Iterable<T>, query: Record<string, string>): Page<T> {
  const token = query['continuationToken'];
  if (token !== undefined && !/^[A-Za-z0-9]+$/.test(token)) throw new ApiError('InputError', 'Invalid continuation token');
  const offset = Number(/^offset(\d+)$/.exec(token ?? '')?.[1] ?? 0);
  const end = offset + sizeOf(query);
  const found: T[] = [];
  let at = 0;
  for (const row of rows) {
    if (at === end) return { rows: found, token: { continuationToken: `offset${end}` } };
    if (at >= offset) found.push(row);
    at++;
  }
  return { rows: found, token: {} };
}

/** A page of what comes in the order of its instants; the token names the last row, and one that cannot be read starts from the front. */
export function pageByTime<T>(
  rows: T[],
  query: Record<string, string>,
  key: (row: T) => { at: string; taskId: string },
): Page<T> {
  const after = decode(query['continuationToken'] ?? '');
  const left = rows.filter((row) => after === undefined || (key(row).at > after.at && key(row).taskId !== after.taskId));
  const found = left.slice(0, sizeOf(query));
  const last = found.at(-1);
  if (last === undefined || found.length === left.length) return { rows: found, token: {} };
  const { at, taskId } = key(last);
  return { rows: found, token: { continuationToken: Buffer.from(JSON.stringify([at, taskId])).toString('base64') } };
}

function decode(token: string): { at: string; taskId: string } | undefined {
  try {
    const [at, taskId] = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    return typeof at === 'string' && typeof taskId === 'string' ? { at, taskId } : undefined;
  } catch {
    return undefined;
  }
}
