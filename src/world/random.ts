import type { Spread } from './spec.ts';

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536;

/** A stream of random numbers from a seed (Doty-Humphrey's sfc32, a 32-bit generator). Streams with different names are independent. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name: string) {
    const text = `${seed}/${name}`;
    this.#a = hash(text, 0x811c9dc5);
    this.#b = hash(text, 0x9e3779b9);
    this.#c = hash(text, 0x85ebca6b);
    for (let i = 0; i < 12; i++) this.#bits();
  }

  #bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** At least `min` and under `max`. */
  between(min: number, max: number): number {
    return min + (this.#bits() / 2 ** 32) * (max - min);
  }

  /** A whole number from 0 to `count - 1`. */
  index(count: number): number {
    return Math.floor(this.between(0, count));
  }

  /** True with probability `share`; draws nothing where the outcome is certain. */
  chance(share: number): boolean {
    return share >= 1 || (share > 0 && this.between(0, 1) < share);
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.between(0, 1));
  }

  /** A duration in whole milliseconds, at least 1. */
  duration({ p50, p95 }: Spread): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.between(0, 1))) * Math.cos(2 * Math.PI * this.between(0, 1));
    return Math.max(1, Math.round(p50 * Math.exp((Math.log(p95 / p50) / Z95) * normal)));
  }

  /** A v4 slugid, as Taskcluster names tasks. */
  slug(): string {
    for (let at = 0; at < 16; at += 4) bytes.writeUInt32BE(this.#bits(), at);
    bytes[0] = (bytes[0] ?? 0) & 0x7f;
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return bytes.toString('base64url');
  }
}

/** What `slug` writes into, anew each time: a task of the load needs nothing else for its name. */
const bytes = Buffer.alloc(16);

function hash(text: string, basis: number): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ (h >>> 13);
}
