/**
 * `full`: no room to write. `unreachable`: the server does not answer, or not in time. `read-only`: it is a standby, or was told to refuse
 * writes. These pass. `not-a-database`, `foreign`, `newer`, `unopenable`, `denied`, `no-database`: this store will not do.
 * `unfit`: what was to be imported does not fit. `failed`: anything else.
 */
export type StoreFault =
  | 'full'
  | 'unreachable'
  | 'read-only'
  | 'not-a-database'
  | 'foreign'
  | 'newer'
  | 'unopenable'
  | 'denied'
  | 'no-database'
  | 'unfit'
  | 'failed';

/** Codes of PostgreSQL, of sockets and of TLS; then SQLite's and the drivers' own words. */
const SIGNS: readonly (readonly [StoreFault, RegExp])[] = [
  ['denied', /^(28|42501)|client password must be a string|does not support SSL|CERT|SELF_SIGNED/],
  ['no-database', /^3D000/],
  ['read-only', /^25006/],
  ['unreachable', /^(08|57P0|57014|53300|25P03|55P03|E(CONN|HOST|NET|ADDR|TIMEDOUT|AI_AGAIN|NOTFOUND|PIPE))|timeout|terminated/],
  ['full', /^53100|SQLITE_FULL|disk is full|ENOSPC|disk I\/O error/i],
  ['not-a-database', /NOTADB|not a database|malformed|CORRUPT/i],
  ['unopenable', /CANTOPEN|unable to open|READONLY|readonly|EACCES|permission|^ENOENT/i],
];

/** What kind of fault an error is, and what it said. */
export function faultOf(cause: unknown): { fault: StoreFault; said: string } {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  // Where a name has several addresses, the errors of all come as one that says nothing itself.
  const said = (cause instanceof Error ? cause.message : String(cause)) || code;
  const [fault = 'failed'] = SIGNS.find(([, sign]) => sign.test(`${code} ${said}`)) ?? [];
  return { fault, said };
}
