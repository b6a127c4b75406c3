/** `Did you mean "x"? ` where one of the words is nearly the one that was written, else nothing. */
export function didYouMean(written: string, words: readonly string[]): string {
  const bare = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '');
  const [best] = words
    .map((word) => ({ word, distance: editDistance(bare(written), bare(word)) }))
    .filter(({ word, distance }) => distance <= Math.min(2, Math.floor((word.length + 1) / 3)))
    .sort((a, b) => a.distance - b.distance);
  return best === undefined ? '' : `Did you mean "${best.word}"? `;
}

/** Insertions, deletions and replacements that lead from one word to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, a] of Array.from(from.slice(0, 40)).entries()) {
    const next = [i + 1];
    for (const [j, b] of Array.from(to).entries()) {
      const replaced = (row[j] ?? 0) + (a === b ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
