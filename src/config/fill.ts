import type { Scalar } from 'yaml';
import { good } from './checked.ts';
import type { Path, Source } from './document.ts';
import { asVariable, type Environment, expand, isBareVariable } from './environment.ts';
import type { Finding } from './issues.ts';
import { secretPlaces } from './secrets.ts';
import { hasWrittenPassword, isPostgres, spelled } from './store.ts';

export interface Filled {
  findings: Finding[];
  /** Values that could not be filled in, about which there is no more to say. */
  lacking: Set<Scalar>;
  /** What stood in the file where a variable was. */
  written: Map<Scalar, string>;
}

/**
 * Fills in the variables in a source's values. It happens after parsing, so that no value can change what the file says elsewhere.
 * What is `unread` is left as it is, and what something stands in for needs no variable.
 */
export async function fillIn(
  source: Source,
  env: Environment,
  unread: (path: Path) => boolean,
  standIn: (path: Path, text: string) => string | undefined = () => undefined,
): Promise<Filled> {
  const filled: Filled = { findings: [], lacking: new Set(), written: new Map() };
  refuseWrittenSecrets(source, filled);
  for (const { scalar, path } of source.scalars()) {
    const text = scalar.value;
    if (unread(path)) continue;
    if (typeof text !== 'string' || !text.includes('$') || filled.lacking.has(scalar)) continue;
    const instead = standIn(path, text);
    const expanded = instead === undefined ? await expand(text, env) : [good(instead)];
    const parts = path[0] === 'store' && isPostgres(text) ? spelled(expanded) : expanded;
    filled.written.set(scalar, text);
    scalar.value = parts.map((part) => (part.ok ? part.value : '')).join('');
    for (const part of parts) {
      if (part.ok) continue;
      filled.findings.push({ path, ...part });
      filled.lacking.add(scalar);
    }
  }
  return filled;
}

function refuseWrittenSecrets(source: Source, { findings, lacking }: Filled): void {
  for (const { path, variable, unless } of secretPlaces(source.values())) {
    const scalar = source.scalarAt(path);
    if (scalar === undefined || scalar.value === null || scalar.value === '' || scalar.value === unless) continue;
    if (typeof scalar.value === 'string' && isBareVariable(scalar.value)) continue;
    findings.push({
      path,
      problem: 'is written into the file',
      remedy: `Write ${asVariable(variable)} and set that variable; a secret has no place in a file.`,
    });
    lacking.add(scalar);
  }
  const store = source.scalarAt(['store']);
  if (typeof store?.value !== 'string' || !hasWrittenPassword(store.value)) return;
  findings.push({
    path: ['store'],
    problem: 'has its password written into the file',
    remedy: `Write ${asVariable('CANARY_DB_PASSWORD')} in its place and set that variable; a secret has no place in a file.`,
  });
  lacking.add(store);
}
