import type { PostgresPlace, StorePlace } from '../evidence/place.ts';
import { Secret } from '../evidence/secret.ts';
import { bad, type Checked, good } from './checked.ts';
import { isBareVariable } from './environment.ts';

const FORM = 'Write sqlite: and a path, such as sqlite:canary.db, or postgres://user@host/database.';
const TLS: Record<string, PostgresPlace['tls']> = { disable: 'disable', require: 'require', 'verify-full': 'verify-full' };

/** A store's URL, taken apart, so that its password goes no further as text. */
export function checkStore(text: string): Checked<StorePlace> {
  if (/^sqlite:./.test(text)) return good({ engine: 'sqlite', path: text.slice('sqlite:'.length) });
  if (!isPostgres(text)) return bad('is no store', FORM);
  if (!URL.canParse(text)) return bad('is no URL', FORM);
  return checkPostgres(new URL(text));
}

/** True for what is meant as PostgreSQL's URL, whatever else is wrong with it. */
export function isPostgres(text: string): boolean {
  return /^postgres(ql)?:/.test(text);
}

/** A URL whose password stands in the probe file itself. */
export function hasWrittenPassword(text: string): boolean {
  const [, password] = /^postgres(?:ql)?:(?:\/\/)?[^:@/]*:(.*)@/s.exec(text) ?? [];
  return password !== undefined && !isBareVariable(password);
}

/** Of a URL as `expand` gives it: a variable in the password's place holds the password as it is, not as a URL would spell it. */
export function spelled(parts: readonly Checked<string>[]): Checked<string>[] {
  const text = (i: number) => (parts[i]?.ok ? parts[i].value : '');
  return parts.map((part, i) =>
    part.ok && i % 2 === 1 && text(i - 1).endsWith(':') && text(i + 1).startsWith('@')
      ? good(encodeURIComponent(part.value))
      : part,
  );
}

function checkPostgres(url: URL): Checked<StorePlace> {
  const [host, user, password, database] = [url.hostname, url.username, url.password, url.pathname.slice(1)].map(decoded);
  if (!host || !user || !database || database.includes('/')) return bad('lacks host, user or database', FORM);
  const { sslmode = 'disable', ...unknown } = Object.fromEntries(url.searchParams);
  const [other] = Object.keys(unknown);
  if (other !== undefined) return bad('has a setting besides sslmode', 'Leave it out; timeouts are set by the program.');
  const tls = TLS[sslmode];
  if (tls === undefined) return bad('has an unknown sslmode', `Write one of ${Object.keys(TLS).join(', ')}.`);
  const place = { engine: 'postgres', host, port: Number(url.port || 5432), database, user, tls } as const;
  return good({ ...place, ...(password && { password: new Secret(password) }) });
}

/** Undefined where a % begins no character. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
