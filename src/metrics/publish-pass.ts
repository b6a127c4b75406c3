import { DAY } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import type { Coverage } from '../health/coverage.ts';
import { gist } from '../notify/text.ts';
import type { Ports } from '../ports.ts';
import { reportFrom } from '../views/report.ts';
import { type Destinations, publish } from './publish.ts';
import { metricsText } from './text.ts';

/** The metrics of a process that makes one pass and ends: all but those that only a process which goes on can count. */
export async function publishPass(
  { store, clock, log }: Pick<Ports, 'store' | 'clock' | 'log'>,
  config: Config,
  pass: { complete: boolean; covered: Coverage },
  to: Destinations,
): Promise<void> {
  try {
    const state = await store.load();
    const now = clock.now() + state.watch.offset;
    const made = await reportFrom(store, config, state, DAY, now);
    await publish(metricsText(made, pass, undefined, false), config.deployment, to, log);
  } catch (error) {
    log.warn({ why: gist(error) }, 'the metrics could not be made');
  }
}
