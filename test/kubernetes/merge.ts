/** By what the items of a list are told apart; lists of other names are replaced whole. */
const KEYS: Record<string, string> = {
  containers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
};

type Tree = Record<string, unknown>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDeletion(value: unknown): boolean {
  return isTree(value) && value['$patch'] === 'delete';
}

/** Kubernetes' strategic merge of a patch into a value; undefined where the patch deletes it. */
export function merged(value: unknown, patch: unknown, field = ''): unknown {
  if (isDeletion(patch)) return undefined;
  if (Array.isArray(patch)) return Array.isArray(value) ? mergedList(value, patch, KEYS[field]) : patch;
  if (!isTree(patch) || !isTree(value)) return patch;
  const result: Tree = { ...value };
  for (const [key, inner] of Object.entries(patch)) {
    const next = merged(value[key], inner, key);
    if (next === undefined || next === null) delete result[key];
    else result[key] = next;
  }
  return result;
}

function mergedList(items: unknown[], patches: unknown[], key: string | undefined): unknown[] {
  if (key === undefined) return patches;
  const idOf = (item: unknown) => (isTree(item) ? item[key] : undefined);
  const kept = items.flatMap((item) => {
    const patch = patches.find((one) => idOf(one) === idOf(item));
    const next = patch === undefined ? item : merged(item, patch);
    return next === undefined ? [] : [next];
  });
  const known = new Set(items.map(idOf));
  return [...patches.filter((one) => !known.has(idOf(one)) && !isDeletion(one)), ...kept];
}
