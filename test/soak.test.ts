import { expect, it } from 'vitest';
import { shortForm } from './soak/form.ts';
import { storyOf } from './soak/print.ts';
import { soak } from './soak/soak.ts';
import { verdictOn } from './soak/verdict.ts';

it('three replicas and a CronJob lose nothing and double nothing, killed, stopped, cut off and updated as they are', async () => {
  const soaked = await soak(shortForm(1));
  expect(storyOf(soaked, verdictOn(soaked))).toBe('');
  // It was a storm, and there was something to tell.
  expect(soaked.ledger.counts.get('SIGKILL')).toBeGreaterThan(2);
  expect(soaked.failures.length).toBeGreaterThan(2);
  expect(soaked.pagerduty.alerts.length).toBeGreaterThan(0);
}, 180_000);
