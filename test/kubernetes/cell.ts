import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Container, Pod, Volume } from './container.ts';
import { type Image, layImage } from './image.ts';
import type { Resource } from './kustomize.ts';

const isRoot = process.getuid?.() === 0;

/** A mount namespace has a root that nobody can write to, whoever owns what is in it. */
const isCaged = isRoot && spawnSync('/usr/bin/unshare', ['-mp', '--fork', 'setpriv', '--version']).status === 0;

/** How much of what a kubelet does can be done here, for the names of tests. */
export const CONDITIONS = isCaged
  ? 'as its user, as process 1, on a read-only root'
  : isRoot
    ? 'as its user, on files that it cannot write to (unshare is not allowed here)'
    : 'on files that cannot be written to (its user and its root take root)';

/**
 * Lays out the root that the manifest asks for, as a container runtime does, and becomes the container's process in it. $1 is the root, $2 a
 * node; then come mounts up to `--`, and what becomes the process.
 */
const ENTER = `
  root=$1; mount --bind "$root" "$root"
  for dir in usr bin sbin lib lib64; do [ ! -d "/$dir" ] || [ -h "/$dir" ] || mount --bind -o ro "/$dir" "$root/$dir"; done
  for file in null urandom; do mount --bind "/dev/$file" "$root/dev/$file"; done
  mount --bind -o ro "$2" "$root/nodejs/bin/node"
  mount -t proc proc "$root/proc"
  shift 2
  while [ "$1" != -- ]; do mount --bind -o "$3" "$1" "$root$2"; shift 3; done
  shift; mount -o remount,ro,bind "$root"
  exec "$(PATH=/usr/sbin:/sbin:$PATH command -v chroot)" "$root" "$@"`;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  ended: Promise<Ended>;
  terminate(): void;
}

interface Filling {
  pod: Pod;
  resources: readonly Resource[];
  /** The Secret's content. */
  secret: Record<string, string>;
}

/** One container of a pod as the image and the manifest have it: files, volumes, environment, user and arguments. */
export class Cell {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tc-canary-cell-'));
  readonly #root = join(this.#folder, 'root');
  readonly #image: Image;
  readonly #children = new Set<ChildProcess>();
  #pod: Pod | undefined;
  #env: Record<string, string> = {};

  constructor() {
    for (const dir of ['proc', 'dev', 'nodejs/bin', 'tmp', 'var/lib', 'etc'])
      mkdirSync(join(this.#root, dir), { recursive: true });
    for (const file of ['dev/null', 'dev/urandom', 'nodejs/bin/node']) writeFileSync(join(this.#root, file), '');
    for (const dir of ['usr', 'bin', 'sbin', 'lib', 'lib64']) likeOurs(`/${dir}`, join(this.#root, dir));
    this.#image = layImage(this.#root);
    // As in an image, anybody might write there if the root were not read-only.
    chmodSync(join(this.#root, 'tmp'), 0o1777);
    chmodSync(this.#folder, 0o755);
  }

  /** Makes volumes and environment anew, as for a pod of this manifest; a claimed volume stays what it is. */
  become({ pod, resources, secret }: Filling): Container {
    const [container] = pod.containers;
    if (container === undefined) throw new Error('a pod without a container');
    this.#pod = pod;
    for (const { name, mountPath } of container.volumeMounts) {
      const volume = pod.volumes.find((one) => one.name === name);
      if (volume === undefined) throw new Error(`there is no volume ${name}`);
      mkdirSync(join(this.#root, mountPath), { recursive: true });
      fillVolume(this.#volume(mountPath), volume, pod, resources, secret);
    }
    const entries = container.env.map(({ name, value, valueFrom }) => {
      const found = value ?? secret[valueFrom?.secretKeyRef.key ?? ''];
      if (found === undefined) throw new Error(`the Secret lacks what ${name} needs`);
      return [name, found] as const;
    });
    this.#env = { PATH: '/usr/local/bin:/usr/bin:/bin', ...this.#image.env, ...Object.fromEntries(entries) };
    return container;
  }

  /** Starts the image's program with these arguments. */
  start(args: readonly string[]): Running {
    return this.exec([...this.#image.entrypoint, ...args]);
  }

  /** Starts a command in the container. */
  exec(command: readonly string[]): Running {
    const pod = this.#pod;
    const [container] = pod?.containers ?? [];
    if (pod === undefined || container === undefined) throw new Error('the cell is empty');
    const child = isCaged ? this.#caged(pod, container, command) : this.#loose(pod, container, command);
    this.#children.add(child);
    return {
      ended: this.#end(child),
      terminate: () => {
        // The process itself, and not the one that has unshared its surroundings.
        const inner = isCaged ? readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim() : child.pid;
        process.kill(Number(inner), 'SIGTERM');
      },
    };
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    remove(this.#folder);
  }

  #caged({ securityContext: { runAsUser, runAsGroup, fsGroup } }: Pod, { volumeMounts }: Container, command: readonly string[]) {
    const mounts = volumeMounts.flatMap(({ mountPath, readOnly }) => [
      this.#volume(mountPath),
      mountPath,
      readOnly ? 'ro' : 'rw',
    ]);
    const user = [`--reuid=${runAsUser}`, `--regid=${runAsGroup}`, `--groups=${fsGroup}`];
    const bare = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
    const at = ['/bin/sh', '-c', `cd ${this.#image.workdir} && exec "$@"`, 'sh', ...command];
    const enter = ['sh', '-ec', ENTER, 'sh', this.#root, process.execPath, ...mounts, '--', '/usr/bin/setpriv', ...user, ...bare];
    return spawn('/usr/bin/unshare', ['-mp', '--fork', '--kill-child', ...enter, ...at], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** The same without a root of its own: paths are those of the machine, and what is to be read-only may not be written to. */
  #loose({ securityContext: { runAsUser, runAsGroup } }: Pod, { volumeMounts }: Container, command: readonly string[]) {
    const here = (word: string) =>
      volumeMounts.reduce(
        (path, { mountPath }) => path.replaceAll(mountPath, this.#volume(mountPath)),
        word.replace(/^\/(?=app\/|tmp\/)/, `${this.#root}/`),
      );
    spawnSync('/usr/bin/env', ['chmod', '-R', 'a-w', this.#root]);
    const [, ...rest] = command;
    const env = Object.fromEntries(Object.entries(this.#env).map(([name, value]) => [name, here(value)]));
    return spawn(process.execPath, rest.map(here), {
      cwd: join(this.#root, this.#image.workdir),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(isRoot && { uid: runAsUser, gid: runAsGroup }),
    });
  }

  #volume(mountPath: string): string {
    return join(this.#folder, 'volumes', mountPath.replaceAll('/', '_'));
  }

  async #end(child: ChildProcess): Promise<Ended> {
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('a process without pipes');
    const exited = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
    const [code, out, err] = await Promise.all([exited, text(stdout), text(stderr)]);
    this.#children.delete(child);
    return { code, stdout: out, stderr: err };
  }
}

/** Removes a folder that its owner may not be allowed to write to. */
function remove(folder: string): void {
  if (!isRoot) spawnSync('/usr/bin/env', ['chmod', '-R', 'u+w', folder]);
  rmSync(folder, { recursive: true, force: true });
}

/** A place for the machine's own folder; a link where it is one. */
function likeOurs(path: string, target: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) symlinkSync(readlinkSync(path), target);
  else if (stat !== undefined) mkdirSync(target, { recursive: true });
}

function fillVolume(
  folder: string,
  volume: Volume,
  pod: Pod,
  resources: readonly Resource[],
  secret: Record<string, string>,
): void {
  mkdirSync(dirname(folder), { recursive: true });
  const stays = volume.persistentVolumeClaim !== undefined;
  if (!stays) remove(folder);
  mkdirSync(folder, { recursive: true });
  const { fsGroup } = pod.securityContext;
  const own = (path: string, mode: number) => {
    if (isRoot) chownSync(path, 0, fsGroup);
    chmodSync(path, mode);
  };
  const map = resources.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume.configMap?.name);
  const files = map === undefined ? (volume.secret === undefined ? {} : secret) : (map['data'] as Record<string, string>);
  if (volume.configMap !== undefined && map === undefined) throw new Error(`there is no ConfigMap ${volume.configMap.name}`);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    own(join(folder, name), volume.secret?.defaultMode ?? 0o444);
  }
  own(folder, stays ? 0o2775 : 0o555);
}
