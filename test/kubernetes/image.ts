import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HERE = fileURLToPath(new URL('../..', import.meta.url));

/** One instruction of a Dockerfile. */
interface Step {
  word: string;
  rest: string;
}

interface Stage {
  from: string;
  name?: string;
  steps: Step[];
}

export interface Copy {
  /** The stage whose files they are; the build's context without one. */
  from?: string;
  sources: string[];
  to: string;
}

/** The stages of a Dockerfile, and its arguments before the first with what they are by default. */
function parseDockerfile(text: string): { args: Map<string, string>; stages: Stage[] } {
  const args = new Map<string, string>();
  const stages: Stage[] = [];
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const [, from = '', name] = word === 'FROM' ? (/^(\S+)(?: AS (\S+))?$/.exec(rest) ?? []) : [];
    if (word === 'FROM') stages.push({ from, steps: [], ...(name !== undefined && { name }) });
    else if (word === 'ARG' && stages.length === 0) args.set(rest.split('=')[0] ?? '', rest.slice(rest.indexOf('=') + 1));
    else if (word !== '') stages.at(-1)?.steps.push({ word, rest });
  }
  return { args, stages };
}

export function copiesOf({ steps }: Stage): Copy[] {
  return steps
    .filter(({ word }) => word === 'COPY')
    .map(({ rest }) => {
      const [, from] = /^--from=(\S+) /.exec(rest) ?? [];
      const words = rest.replace(/^--from=\S+ /, '').split(' ');
      return { sources: words.slice(0, -1), to: words.at(-1) ?? '', ...(from !== undefined && { from }) };
    });
}

/** What the image is to a runtime. */
export interface Image {
  workdir: string;
  user: string;
  env: Record<string, string>;
  entrypoint: string[];
}

export const DOCKERFILE = parseDockerfile(readFileSync(join(HERE, 'k8s/Dockerfile'), 'utf8'));

export function lastStage(): Stage {
  const stage = DOCKERFILE.stages.at(-1);
  if (stage === undefined) throw new Error('the Dockerfile has no stage');
  return stage;
}

export function imageOf({ steps }: Stage): Image {
  const last = (word: string) => steps.findLast((step) => step.word === word)?.rest ?? '';
  const env = steps.filter(({ word }) => word === 'ENV').map(({ rest }) => rest.split('=') as [string, string]);
  return {
    workdir: last('WORKDIR'),
    user: last('USER'),
    env: Object.fromEntries(env),
    entrypoint: JSON.parse(last('ENTRYPOINT')),
  };
}

/** Lays the files of the last stage under the folder, without Docker and without the network, and lets everybody read them. */
export function layImage(folder: string): Image {
  const stage = lastStage();
  const image = imageOf(stage);
  for (const { from, sources, to } of copiesOf(stage)) {
    for (const source of sources) {
      const target = join(folder, resolve(image.workdir, to));
      lay(from, source, sources.length === 1 && !to.endsWith('/') && to !== '.' && to !== './' ? target : join(target, source));
    }
  }
  return image;
}

function lay(from: string | undefined, source: string, target: string): void {
  const does = (command: RegExp) =>
    DOCKERFILE.stages.some(
      ({ name, steps }) => name === from && steps.some(({ word, rest }) => word === 'RUN' && command.test(rest)),
    );
  if (from === undefined) {
    copy(join(HERE, source), target);
  } else if (source === '/app/dist' && does(/^npm run build$/)) {
    copy(join(HERE, 'dist'), target);
  } else if (source === '/app/node_modules' && does(/^npm ci --omit=dev --ignore-scripts$/)) {
    for (const path of shipped()) copy(join(HERE, path), join(target, path.slice('node_modules/'.length)));
  } else {
    throw new Error(`nothing is known of ${source} in the stage ${from}`);
  }
}

function copy(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  // A package's own node_modules are packages of their own in the lock file.
  const nested = join(source, 'node_modules');
  cpSync(source, target, { recursive: true, filter: (path) => path !== nested });
}

interface Locked {
  dev?: boolean;
  optional?: boolean;
}

/** What `npm ci --omit=dev` installs on this machine: what the lock file does not keep for development, and of what is for some machines alone, ours. */
export function shipped(): string[] {
  const { packages } = JSON.parse(readFileSync(join(HERE, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
  return Object.entries(packages).flatMap(([path, { dev = false, optional = false }]) => {
    if (path === '' || dev) return [];
    if (existsSync(join(HERE, path))) return [path];
    if (optional) return [];
    throw new Error(`${path} is not installed; run npm ci`);
  });
}
