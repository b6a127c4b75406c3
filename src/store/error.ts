import { faultOf, type StoreFault } from './fault.ts';

/** The store itself failed: a fault of our own, never of a pool. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly fault: StoreFault;

  constructor(message: string, fault: StoreFault, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }

  /** What the engine said, in words that name the remedy. `store` is its name, without a password. */
  static from(cause: unknown, store: string): StoreError {
    if (cause instanceof StoreError) return cause;
    const { fault, said } = faultOf(cause);
    return new StoreError(`${WORDS[fault](store)} (${said})`, fault, { cause });
  }
}

const WORDS: Record<StoreFault, (store: string) => string> = {
  full: (store) => `no room to write ${store}: free some disk space`,
  unreachable: (store) => `${store} does not answer: see that the server runs and can be reached from here`,
  'read-only': (store) => `${store} takes no writes: name the primary, not a standby`,
  'not-a-database': (store) => `${store} is not a canary store: name another file, or move this one away`,
  foreign: (store) => `${store} is another deployment's store`,
  newer: (store) => `${store} was written by a newer version`,
  unopenable: (store) => `${store} cannot be opened: see that its folder exists and may be written to`,
  denied: (store) => `${store} refuses us: see user, password and rights, and sslmode`,
  'no-database': (store) => `${store} does not exist: create the database`,
  unfit: (store) => `${store} cannot take this`,
  failed: (store) => `the store ${store} failed`,
};
