/**
 * A map of bucket to count as bytes: bucket gaps and counts in turn, each a little-endian base-128 number. A day of one pool takes
 * some 60 bytes, and thousands of days decode in milliseconds, which JSON does not.
 */
export function pack(counts: ReadonlyMap<number, number>): Buffer {
  const bytes: number[] = [];
  const push = (n: number) => {
    let rest = n;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  };
  let previous = 0;
  for (const [bucket, count] of [...counts].sort(([a], [b]) => a - b)) {
    push(bucket - previous);
    push(count);
    previous = bucket;
  }
  return Buffer.from(bytes);
}

/** Takes what the drivers give: libsql an ArrayBuffer, pg a Buffer. */
export function unpack(packed: ArrayBuffer | Uint8Array): Map<number, number> {
  const bytes = new Uint8Array(packed);
  const counts = new Map<number, number>();
  let at = 0;
  const pull = () => {
    let n = 0;
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      n += (byte % 128) * scale;
      if (byte < 128) break;
    }
    return n;
  };
  for (let bucket = 0; at < bytes.length; ) {
    bucket += pull();
    counts.set(bucket, pull());
  }
  return counts;
}
