/** Rows of the larger kinds read in one query: SQLite's driver blocks the process while a query runs. */
export const PIECE = 500;

/** That driver never waits, so that nothing else in the process would have its turn between two pieces either. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Reads long lists piece by piece: `read` is given the last row of the piece before. */
export async function inPieces<Row>(read: (last: Row | undefined) => Promise<Row[]>): Promise<Row[]> {
  const pieces: Row[][] = [];
  for (let last: Row | undefined; ; await turn()) {
    const piece = await read(last);
    pieces.push(piece);
    if (piece.length < PIECE) return pieces.flat();
    last = piece.at(-1);
  }
}
