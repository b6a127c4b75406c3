import { expect, inject, it } from 'vitest';
import { fullForm } from './form.ts';
import { printSoaked, storyOf } from './print.ts';
import { soak } from './soak.ts';
import { verdictOn } from './verdict.ts';

const { minutes, seed } = inject('soak');

it('loses nothing, doubles nothing and invents nothing, whatever is done to it', async () => {
  const soaked = await soak(fullForm(minutes, seed));
  const held = verdictOn(soaked);
  printSoaked(soaked, held);
  expect(storyOf(soaked, held)).toBe('');
});
