import { instantOf } from '../evidence/instant.ts';
import { isObject, type JsonObject } from '../evidence/object.ts';

/** The object under a key, or an empty one. */
export function objectAt(value: unknown, key: string): JsonObject {
  const found = valueAt(value, key);
  return isObject(found) ? found : {};
}

export function textAt(value: unknown, key: string): string | undefined {
  const found = valueAt(value, key);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, key: string): number | undefined {
  const found = valueAt(value, key);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** Milliseconds since the epoch. */
export function instantAt(value: unknown, key: string): number | undefined {
  const instant = instantOf(textAt(value, key) ?? '');
  return Number.isNaN(instant) ? undefined : instant;
}

function valueAt(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

/** Every element read, or undefined where the value is no list or one of its elements cannot be read. */
export function listOf<T>(value: unknown, read: (element: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const elements = value.map(read);
  const known = elements.filter((element) => element !== undefined);
  return known.length === elements.length ? known : undefined;
}
