import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { merged } from './merge.ts';

export interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  [key: string]: unknown;
}

/** A resource on its way; `hashed` where its name is to end in a hash of its content. */
interface Made {
  resource: Resource;
  hashed: boolean;
}

interface Generator {
  name: string;
  files: string[];
  behavior?: 'replace';
  options?: { disableNameSuffixHash?: boolean; labels?: Record<string, string> };
}

interface Image {
  name: string;
  newName?: string;
  newTag?: string;
}

/** The words of kustomize's that our folders use; a test holds that they use no other. */
interface Kustomization {
  apiVersion: string;
  kind: string;
  namespace?: string;
  resources?: string[];
  components?: string[];
  configMapGenerator?: Generator[];
  patches?: { target: { kind: string }; path: string }[];
  images?: Image[];
}

const WORDS = new Set(
  'apiVersion kind namespace resources components configMapGenerator patches images'.split(' ') satisfies string[],
);

/** What `kubectl kustomize` makes of a folder, as far as ours go; that it is the same is tested where kubectl is installed. `read` takes the files' paths. */
export function render(folder: string, read = new Set<string>()): Resource[] {
  const made = accumulate(folder, [], read);
  const renamed = new Map(
    made.flatMap(({ resource, hashed }) =>
      hashed ? [[resource.metadata.name, `${resource.metadata.name}-${hashOf(resource)}`] as const] : [],
    ),
  );
  return made.map(({ resource, hashed }) => {
    const { name } = resource.metadata;
    const named = { ...resource, metadata: { ...resource.metadata, name: hashed ? (renamed.get(name) ?? name) : name } };
    return withConfigMaps(named, renamed) as Resource;
  });
}

function accumulate(folder: string, before: Made[], files: Set<string>): Made[] {
  const read = (file: string) => {
    files.add(realpathSync(join(folder, file)));
    return readFileSync(join(folder, file), 'utf8');
  };
  const spec = parse(read('kustomization.yml')) as Kustomization;
  const unknown = Object.keys(spec).filter((word) => !WORDS.has(word));
  if (unknown.length > 0) throw new Error(`${folder} uses ${unknown.join(', ')}, which this rendering does not know`);
  const listed = (spec.resources ?? []).flatMap((entry) =>
    statSync(join(folder, entry)).isDirectory() ? accumulate(join(folder, entry), [], files) : documents(read(entry)),
  );
  let made = [...before, ...listed];
  for (const component of spec.components ?? []) made = accumulate(join(folder, component), made, files);
  for (const generator of spec.configMapGenerator ?? []) made = generated(generator, read, made);
  for (const { target, path } of spec.patches ?? []) {
    const patch = parse(read(path)) as Record<string, unknown>;
    made = made.flatMap((one) => (one.resource.kind === target.kind ? patched(one, patch) : [one]));
  }
  return made.map(({ resource, hashed }) => ({ resource: placed(resource, spec), hashed }));
}

function documents(text: string): Made[] {
  return parseAllDocuments(text).map((document) => ({ resource: document.toJS() as Resource, hashed: false }));
}

function generated({ name, files, behavior, options }: Generator, read: (file: string) => string, made: Made[]): Made[] {
  const data = Object.fromEntries(files.map((file) => [basename(file), read(file)]));
  const there = made.find(({ resource }) => resource.kind === 'ConfigMap' && resource.metadata.name === name);
  if ((there !== undefined) !== (behavior === 'replace'))
    throw new Error(`the ConfigMap ${name} is there twice, or is not to be replaced`);
  if (there !== undefined) return made.map((one) => (one === there ? { ...one, resource: { ...one.resource, data } } : one));
  const metadata = { name, ...(options?.labels && { labels: options.labels }) };
  return [
    ...made,
    { resource: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, hashed: !options?.disableNameSuffixHash },
  ];
}

function patched({ resource, hashed }: Made, patch: Record<string, unknown>): Made[] {
  const result = merged(resource, patch);
  return result === undefined ? [] : [{ resource: result as Resource, hashed }];
}

function placed(resource: Resource, { namespace, images = [] }: Kustomization): Resource {
  const metadata = namespace === undefined ? resource.metadata : { ...resource.metadata, namespace };
  return withImages({ ...resource, metadata }, images) as Resource;
}

function walk(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(key, walk(inner, change))]));
}

function withImages(value: unknown, images: Image[]): unknown {
  return walk(value, (key, inner) => {
    const image = key === 'image' ? images.find(({ name }) => name === inner) : undefined;
    return image === undefined ? inner : `${image.newName ?? image.name}${image.newTag === undefined ? '' : `:${image.newTag}`}`;
  });
}

function withConfigMaps(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  return walk(value, (key, inner) => {
    if (key !== 'configMap') return inner;
    const { name, ...rest } = inner as { name: string };
    return { ...rest, name: renamed.get(name) ?? name };
  });
}

/** The first ten digits of the hash of its JSON as Go writes it, with digits for which kustomize takes letters that spell no words. */
function hashOf({ kind, data }: Resource): string {
  const sorted = Object.fromEntries(Object.entries(data as object).sort(([a], [b]) => (a < b ? -1 : 1)));
  const json = JSON.stringify({ data: sorted, kind, name: '' }).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const digits = createHash('sha256').update(json).digest('hex').slice(0, 10);
  const letters: Record<string, string> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };
  return digits.replace(/[013ae]/g, (digit) => letters[digit] ?? digit);
}
