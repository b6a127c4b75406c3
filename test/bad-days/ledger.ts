import { copyFileSync, existsSync, rmSync } from 'node:fs';
import Libsql from 'libsql';

/** One delivery as the store has it. */
export interface Row {
  incident: string;
  route: string;
  wanted: number;
  told: number;
  claimed: boolean;
}

/** Reads a store's file off a copy: what a killed process left in it is for the next one to put in order. */
export class Ledger {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** No rows where there is no store yet, or one that holds nothing yet. */
  read(query: string): Record<string, unknown>[] {
    if (!existsSync(this.#path)) return [];
    const copy = `${this.#path}.copy`;
    for (const part of ['', '-wal']) {
      rmSync(`${copy}${part}`, { force: true });
      if (existsSync(`${this.#path}${part}`)) copyFileSync(`${this.#path}${part}`, `${copy}${part}`);
    }
    const db = new Libsql(copy);
    try {
      return db.prepare(query).all() as Record<string, unknown>[];
    } finally {
      db.close();
      for (const part of ['', '-wal', '-shm']) rmSync(`${copy}${part}`, { force: true });
    }
  }

  deliveries(): Row[] {
    return this.read('select incident, route, wanted, told, claim from deliveries').map((row) => ({
      incident: String(row['incident']),
      route: String(row['route']),
      wanted: Number(row['wanted']),
      told: Number(row['told']),
      claimed: row['claim'] !== null,
    }));
  }

  untold(): Row[] {
    return this.deliveries().filter(({ wanted, told }) => wanted !== told);
  }
}
