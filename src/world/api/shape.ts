import { isDeepStrictEqual } from 'node:util';
import { instantOf } from '../../evidence/instant.ts';
import { isObject } from '../../evidence/object.ts';

/** The little of JSON Schema that the queue's inputs need. */
export type Shape = { default?: unknown } & (
  | { type: 'string'; pattern?: RegExp; min?: number; max?: number; instant?: true; oneOf?: readonly string[] }
  | { type: 'integer'; min: number; max: number }
  | { type: 'array'; items: Shape; max?: number; unique?: true }
  | { type: 'object'; properties: Record<string, Shape>; required?: string[]; others: boolean | Shape }
);

const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d(:?\d\d)?)$/;

/** What is wrong with a value, in the words of Taskcluster's validator. */
export function complaints(value: unknown, shape: Shape, path = 'data'): string[] {
  if (shape.type === 'string') return typeof value === 'string' ? ofText(value, shape, path) : [`${path} must be string`];
  if (shape.type === 'integer') return ofInteger(value, shape, path);
  if (shape.type === 'array') return Array.isArray(value) ? ofArray(value, shape, path) : [`${path} must be array`];
  return isObject(value) ? ofObject(value, shape, path) : [`${path} must be object`];
}

/** The value with the defaults of what it leaves out. */
export function filled(value: Record<string, unknown>, shape: Extract<Shape, { type: 'object' }>): Record<string, unknown> {
  const defaults = Object.entries(shape.properties).filter(([name, inner]) => !(name in value) && inner.default !== undefined);
  return { ...value, ...Object.fromEntries(defaults.map(([name, inner]) => [name, structuredClone(inner.default)])) };
}

function ofText(value: string, shape: Extract<Shape, { type: 'string' }>, path: string): string[] {
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern } = shape;
  return [
    ...(shape.instant && (!INSTANT.test(value) || Number.isNaN(instantOf(value)))
      ? [`${path} must match format "date-time"`]
      : []),
    ...(shape.oneOf?.includes(value) === false ? [`${path} must be equal to one of the allowed values`] : []),
    ...(value.length > max ? [`${path} must NOT have more than ${max} characters`] : []),
    ...(value.length < min ? [`${path} must NOT have fewer than ${min} characters`] : []),
    ...(pattern?.test(value) === false ? [`${path} must match pattern "${pattern.source.replaceAll('\\/', '/')}"`] : []),
  ];
}

function ofInteger(value: unknown, { min, max }: { min: number; max: number }, path: string): string[] {
  if (typeof value !== 'number' || !Number.isInteger(value)) return [`${path} must be integer`];
  if (value > max) return [`${path} must be <= ${max}`];
  return value < min ? [`${path} must be >= ${min}`] : [];
}

function ofArray(value: unknown[], { items, max, unique }: Extract<Shape, { type: 'array' }>, path: string): string[] {
  const twin = unique ? value.findIndex((one, at) => value.findIndex((other) => isDeepStrictEqual(one, other)) < at) : -1;
  return [
    ...(max !== undefined && value.length > max ? [`${path} must NOT have more than ${max} items`] : []),
    ...(twin >= 0
      ? [`${path} must NOT have duplicate items (items ## ${value.indexOf(value[twin])} and ${twin} are identical)`]
      : []),
    ...value.flatMap((item, at) => complaints(item, items, `${path}/${at}`)),
  ];
}

function ofObject(value: Record<string, unknown>, shape: Extract<Shape, { type: 'object' }>, path: string): string[] {
  const { properties, required = [], others } = shape;
  const foreign = Object.keys(value).filter((name) => !(name in properties));
  return [
    ...required.filter((name) => !(name in value)).map((name) => `${path} must have required property '${name}'`),
    ...(others === false ? foreign.map((name) => `${path} must NOT have additional properties: "${name}"`) : []),
    ...(typeof others === 'object' ? foreign.flatMap((name) => complaints(value[name], others, `${path}/${name}`)) : []),
    ...Object.entries(properties).flatMap(([name, inner]) =>
      name in value ? complaints(value[name], inner, `${path}/${name}`) : [],
    ),
  ];
}
