import { open } from 'node:fs/promises';
import { bad, type Checked, good } from './checked.ts';

/** The text of a regular file of at most `limit` bytes. */
export async function readText(file: string, limit: number): Promise<Checked<string>> {
  try {
    const handle = await open(file, 'r');
    try {
      const stat = await handle.stat();
      if (stat.isDirectory()) return bad('is a directory', 'Name a file.');
      if (!stat.isFile()) return bad('is not a regular file', 'Name a file.');
      if (stat.size > limit) return bad(`is larger than ${limit / 1024} KiB`, 'Name another file, or split it.');
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await handle.readFile());
      return text.includes('\0') ? NOT_TEXT : good(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return failed(error);
  }
}

const NOT_TEXT = bad('is not text', 'Name a text file in UTF-8.');

function failed(error: unknown): Checked<never> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') return bad('does not exist', 'Check the path.');
  if (code === 'EACCES' || code === 'EPERM') return bad('may not be read', 'Give this user the right to read it.');
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return NOT_TEXT;
  return bad(`cannot be read (${code})`, 'Check the path and the disk.');
}
