import { LEVELS } from '../evidence/incident.ts';
import type { Path } from './document.ts';
import { checkWebhookName } from './fields.ts';
import type { Finding } from './issues.ts';
import { type Raw, record, records } from './raw.ts';
import { didYouMean } from './suggest.ts';

/** What a key under `alerts` takes from a section of the file, unless it says `none`. */
const NEEDS = {
  slack: { section: 'slack', keys: 'token and channel' },
  mention: { section: 'slack', keys: 'token and channel' },
  pagerduty: { section: 'pagerduty', keys: 'routingKey' },
  severity: { section: 'pagerduty', keys: 'routingKey' },
} as const;

/** What is wrong between `alerts` and the channels that the file has, and between the channels themselves. */
export function alertRules(file: Raw, lineOf: (path: Path) => number): Finding[] {
  const webhooks = records(file['webhooks']);
  const names = webhooks.map(({ name }) => name).filter((name) => typeof name === 'string');
  const places: [Path, unknown][] = [
    [['defaults', 'alerts'], record(file['defaults'])['alerts']],
    ...records(file['probes']).map(({ alerts }, i): [Path, unknown] => [['probes', i, 'alerts'], alerts]),
  ];
  const audiences = places.flatMap(([at, alerts]) =>
    LEVELS.map((level): [Path, Raw] => [[...at, level], record(record(alerts)[level])]),
  );
  return [
    ...dashboardRules(file),
    ...duplicates(webhooks, lineOf),
    ...audiences.flatMap(([at, audience]) => [
      ...sections(file, at, audience),
      ...idleSeverity(at, { ...inherited(file, at), ...audience }, audience),
      ...unknownWebhooks(names, at, audience),
    ]),
  ];
}

function dashboardRules(file: Raw): Finding[] {
  if (file['dashboard'] === undefined || file['slack'] !== undefined) return [];
  const remedy = 'Add the section slack, with token and channel, or remove this one.';
  return [{ path: ['dashboard'], key: true, problem: 'needs the section slack, which is missing', remedy }];
}

function sections(file: Raw, at: Path, audience: Raw): Finding[] {
  return Object.entries(NEEDS).flatMap(([key, { section, keys }]): Finding[] => {
    if (audience[key] === undefined || audience[key] === 'none' || file[section] !== undefined) return [];
    const remedy = `Add the section ${section}, with ${keys}, at the top of the file.`;
    return [{ path: [...at, key], key: true, problem: `needs the section ${section}, which is missing`, remedy }];
  });
}

/** What an audience does not say itself, it has from the one of its level under defaults. */
function inherited(file: Raw, at: Path): Raw {
  return record(record(record(file['defaults'])['alerts'])[String(at.at(-1))]);
}

/** PagerDuty hears of pages unless it is told otherwise, and of warnings only where it is. */
function idleSeverity(at: Path, { pagerduty }: Raw, { severity }: Raw): Finding[] {
  const heard = at.at(-1) === 'warn' ? pagerduty !== undefined && pagerduty !== 'none' : pagerduty !== 'none';
  if (severity === undefined || heard) return [];
  const remedy = 'Give pagerduty a routing key beside it, or remove it.';
  return [{ path: [...at, 'severity'], key: true, problem: 'is for PagerDuty, which is not told at this level', remedy }];
}

function unknownWebhooks(names: string[], at: Path, audience: Raw): Finding[] {
  const written: unknown = audience['webhooks'];
  if (!Array.isArray(written)) return [];
  return written.flatMap((name: unknown, i): Finding[] => {
    if (typeof name !== 'string' || !checkWebhookName(name).ok || names.includes(name)) return [];
    const known = names.length === 0 ? '' : `, or write one of ${names.join(', ')}`;
    const remedy = `${didYouMean(name, names)}Add it to the section webhooks${known}.`;
    return [{ path: [...at, 'webhooks', i], problem: 'is no webhook of this file', remedy }];
  });
}

function duplicates(webhooks: Raw[], lineOf: (path: Path) => number): Finding[] {
  return webhooks.flatMap(({ name }, i): Finding[] => {
    const first = webhooks.findIndex((webhook) => webhook['name'] === name);
    if (typeof name !== 'string' || first === i) return [];
    const problem = `is the name of the webhook on line ${lineOf(['webhooks', first])}`;
    return [{ path: ['webhooks', i, 'name'], problem, remedy: 'Give this one a name of its own.' }];
  });
}
