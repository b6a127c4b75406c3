import type { Answer } from '../evidence/fact.ts';
import { isObject } from '../evidence/object.ts';
import { listOf } from './json.ts';
import { FOREIGN } from './refusal.ts';

export interface Page<T> {
  items: T[];
  next?: string;
}

/** Reads one page: the list under `key` and the token of the page after it. */
export function pageOf<T>(key: string, read: (item: unknown) => T | undefined): (body: unknown) => Page<T> | undefined {
  return (body) => {
    const items = isObject(body) ? listOf(body[key], read) : undefined;
    const next = isObject(body) ? body['continuationToken'] : undefined;
    return items && { items, ...(typeof next === 'string' && next !== '' && { next }) };
  };
}

/** All pages, one after another, or the first failure. A token that comes twice would go on for ever, so it is a failure too. */
export async function allPages<T>(ask: (query: Record<string, string>) => Promise<Answer<Page<T>>>): Promise<Answer<T[]>> {
  const items: T[] = [];
  const seen = new Set<string>();
  let query: Record<string, string> = {};
  for (;;) {
    const answer = await ask(query);
    if (!answer.ok) return answer;
    const { value, ...rest } = answer;
    items.push(...value.items);
    if (value.next === undefined) return { ...rest, value: items };
    if (seen.has(value.next)) return { ...rest, ok: false, why: 'unreachable', detail: FOREIGN };
    seen.add(value.next);
    query = { continuationToken: value.next };
  }
}
