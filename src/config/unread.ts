import type { Path } from './document.ts';

/** Sections that say who is told, and hold all the secrets. */
const SECTIONS = ['slack', 'dashboard', 'pagerduty', 'webhooks', 'heartbeat'];

/** True for a value that only matters to a command that tells somebody. */
export function isTelling([section, second, third]: Path): boolean {
  if (section === 'defaults') return second === 'alerts';
  return section === 'probes' ? third === 'alerts' : SECTIONS.includes(String(section));
}

/** The values of a probe file without those that say who is told. */
export function withoutTelling(values: unknown): unknown {
  return mapped(values, SECTIONS, (key, value) => {
    if (key === 'defaults') return mapped(value, ['alerts']);
    return key === 'probes' && Array.isArray(value) ? value.map((probe) => mapped(probe, ['alerts'])) : value;
  });
}

/** A set of keys without some of them; anything else as it stands. */
function mapped(value: unknown, without: string[], map: (key: string, value: unknown) => unknown = (_, kept) => kept): unknown {
  if (!(value instanceof Object) || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, kept]) => (without.includes(key) ? [] : [[key, map(key, kept)]])),
  );
}
