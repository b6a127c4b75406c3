import { z } from 'zod';
import { probeFile } from './schema.ts';

/** The JSON Schema of a probe file, for editors; made from the schema that checks it, so it cannot drift. */
export function probeJsonSchema(): object {
  return z.toJSONSchema(probeFile, { io: 'input', target: 'draft-7' });
}
