import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { parse, stringify } from 'yaml';

const HERE = fileURLToPath(new URL('../..', import.meta.url));

export const STARTER = readFileSync(join(HERE, 'k8s/base/probes.yml'), 'utf8');

interface Choice {
  overlay: 'cronjob' | 'service';
  components?: string[];
  /** The probe file; by default the one that comes along. */
  probes?: string;
}

/** The folder that the README has an operator make beside a clone of ours. */
export function operatorsFolder({ overlay, components = [], probes = STARTER }: Choice): string {
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-operator-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  symlinkSync(HERE, join(folder, 'taskcluster-canary'));
  const [, block = ''] = /```yaml\n# kustomization\.yml\n(.*?)```/s.exec(readFileSync(join(HERE, 'README.md'), 'utf8')) ?? [];
  const kustomization = {
    ...parse(block),
    resources: [`taskcluster-canary/k8s/overlays/${overlay}`],
    components: components.map((name) => `taskcluster-canary/k8s/${name}`),
  };
  writeFileSync(join(folder, 'kustomization.yml'), stringify(kustomization));
  writeFileSync(join(folder, 'probes.yml'), probes);
  return folder;
}
