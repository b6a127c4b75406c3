import { rename, rm, writeFile } from 'node:fs/promises';
import { SECOND } from '../evidence/instant.ts';
import { Secret } from '../evidence/secret.ts';
import { UsageError } from '../io.ts';
import { failure } from '../notify/network.ts';
import { gist } from '../notify/text.ts';
import type { Log } from '../ports.ts';
import { TEXT_TYPE } from '../views/metrics/exposition.ts';

/** How long a Pushgateway may take. */
const TIMEOUT = 5 * SECOND;

/** Where a process that is not there to be scraped leaves its metrics. */
export interface Destinations {
  /** For node_exporter's textfile collector. */
  file?: string;
  pushgateway?: Secret;
}

/**
 * What `TC_CANARY_METRICS_FILE` and `TC_CANARY_PUSHGATEWAY` name; empty is as good as unset.
 * @throws {UsageError} where the second is no address
 */
export function destinations(env: Record<string, string | undefined>): Destinations {
  const [file, pushgateway] = [env['TC_CANARY_METRICS_FILE'] || undefined, env['TC_CANARY_PUSHGATEWAY'] || undefined];
  if (
    pushgateway !== undefined &&
    (!/^https?:/.test(pushgateway) || !URL.canParse(pushgateway) || new URL(pushgateway).username !== '')
  )
    throw new UsageError('TC_CANARY_PUSHGATEWAY is no address; write one such as http://pushgateway:9091, without a user in it');
  return { ...(file && { file }), ...(pushgateway && { pushgateway: new Secret(pushgateway) }) };
}

/** Leaves the metrics there. That nobody could be told of them is a line in the log, and nobody's night. */
export async function publish(text: string, deployment: string, { file, pushgateway }: Destinations, log: Log): Promise<void> {
  if (file !== undefined) {
    await replace(file, text).catch((error: unknown) => log.warn({ why: gist(error) }, 'the metrics file could not be written'));
  }
  if (pushgateway === undefined) return;
  const why = await push(text, deployment, pushgateway);
  if (why !== undefined) log.warn({ why }, 'the Pushgateway did not take the metrics');
}

/** Whoever reads it sees the old file or the new one, whole. */
async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Replaces the whole group; why not, where that failed. */
async function push(text: string, deployment: string, pushgateway: Secret): Promise<string | undefined> {
  const url = `${pushgateway.reveal().replace(/\/+$/, '')}/metrics/job/tc-canary/deployment/${deployment}`;
  try {
    const response = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': TEXT_TYPE },
      body: text,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const said = response.ok ? '' : await response.text();
    return response.ok ? undefined : gist(`status ${response.status} ${said}`, [pushgateway]);
  } catch (error) {
    return failure(error, [pushgateway, new Secret(url)]).why;
  }
}
