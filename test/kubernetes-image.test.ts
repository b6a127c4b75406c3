import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copiesOf, DOCKERFILE, HERE, imageOf, lastStage, shipped } from './kubernetes/image.ts';

/** What may get into an image; everything else is shut out by the file's `*`. */
const [shut, ...admitted] = readFileSync(join(HERE, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

it('every file that the image is made of is in the repository, and let in by .dockerignore', () => {
  const sources = DOCKERFILE.stages.flatMap((stage) => copiesOf(stage).flatMap(({ from, sources }) => (from ? [] : sources)));
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.filter((source) => !existsSync(join(HERE, source)))).toEqual([]);
  expect(shut).toBe('*');
  expect([...new Set(sources)].sort()).toEqual(admitted.map((line) => line.replace(/^!/, '')).sort());
});

it('what a stage takes from another, that one makes', () => {
  const names = DOCKERFILE.stages.map(({ name }) => name);
  DOCKERFILE.stages.forEach((stage, i) => {
    for (const { from } of copiesOf(stage)) if (from !== undefined) expect(names.slice(0, i)).toContain(from);
  });
});

it('every image that it begins with can be pinned by an argument, and has a tag of one LTS release of Node without', () => {
  for (const { from } of DOCKERFILE.stages) {
    const [, argument = ''] = /^\$\{(\w+)\}$/.exec(from) ?? [];
    expect(DOCKERFILE.args.get(argument)).toMatch(/node(js|:)24-/);
  }
});

it('the last stage builds nothing, runs as a user with a number, and hands signals to Node itself', () => {
  const stage = lastStage();
  expect(new Set(stage.steps.map(({ word }) => word))).toEqual(new Set(['WORKDIR', 'COPY', 'ENV', 'USER', 'ENTRYPOINT']));
  expect(DOCKERFILE.args.get('RUNTIME')).toContain('distroless');
  const { user, entrypoint, workdir } = imageOf(stage);
  expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(entrypoint).toEqual(['/nodejs/bin/node', `${workdir}/dist/cli.js`]);
});

it('what is shipped leaves out what is for development alone', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'));
  const packages = shipped();
  for (const name of Object.keys(dependencies)) expect(packages).toContain(`node_modules/${name}`);
  for (const name of ['typescript', 'vitest', 'kubernetes-models']) {
    expect(devDependencies).toHaveProperty(name);
    expect(packages).not.toContain(`node_modules/${name}`);
  }
});
