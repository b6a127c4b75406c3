/** `full`: no room to write. `not-a-database`, `foreign`, `newer`, `unopenable`: this file will not do. `failed`: anything else. */
export type StoreFault = 'full' | 'not-a-database' | 'foreign' | 'newer' | 'unopenable' | 'failed';

/** The store itself failed: a fault of our own, never of a pool. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly fault: StoreFault;

  constructor(message: string, fault: StoreFault, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }

  /** What SQLite said, in words that name the remedy. */
  static from(cause: unknown, path: string): StoreError {
    if (cause instanceof StoreError) return cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    const fault = faultOf(said, cause);
    return new StoreError(`${WORDS[fault](path)} (${said})`, fault, { cause });
  }
}

const WORDS: Record<StoreFault, (path: string) => string> = {
  full: (path) => `no room to write ${path}: free some disk space`,
  'not-a-database': (path) => `${path} is not a canary store: name another file, or move this one away`,
  foreign: (path) => `${path} is another deployment's store`,
  newer: (path) => `${path} was written by a newer version`,
  unopenable: (path) => `${path} cannot be opened: see that its folder exists and may be written to`,
  failed: (path) => `the store ${path} failed`,
};

function faultOf(said: string, cause: unknown): StoreFault {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  const text = `${code} ${said}`;
  if (/SQLITE_FULL|disk is full|ENOSPC|disk I\/O error/i.test(text)) return 'full';
  if (/NOTADB|not a database|malformed|CORRUPT/i.test(text)) return 'not-a-database';
  if (/CANTOPEN|unable to open|READONLY|readonly|EACCES|permission/i.test(text)) return 'unopenable';
  return 'failed';
}
