import { CAUSES, type Cause } from '../evidence/incident.ts';

/** What a silence may be about. */
export interface Subject {
  pool?: string;
  probe?: string;
  cause?: Cause;
}

const globs = new Map<string, RegExp>();

/** `*` and `?` stand for anything but a slash, `[...]` for one of its characters; a text without them stands for itself. */
export function globOf(text: string): RegExp {
  let glob = globs.get(text);
  if (glob === undefined) {
    const source = text
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')
      .replace(/\[!/g, '[^');
    glob = new RegExp(`^${source}$`);
    globs.set(text, glob);
  }
  return glob;
}

/** Whether the text is the subject's pool, a glob that its pool fits, its probe's name, or its cause. */
export function matches(match: string, { pool, probe, cause }: Subject): boolean {
  return match === probe || match === cause || (pool !== undefined && globOf(match).test(pool));
}

export function isCause(text: string): text is Cause {
  return CAUSES.some((cause) => cause === text);
}
