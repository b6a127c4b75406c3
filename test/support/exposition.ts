/** One line of the exposition, as an independent reader has it. */
interface Line {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Exposition {
  types: Map<string, string>;
  helps: Map<string, string>;
  lines: Line[];
  ended: boolean;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy;

/** Reads Prometheus's text format or OpenMetrics and throws at whatever is neither. */
export function parseExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const found: Exposition = { types: new Map(), helps: new Map(), lines: [], ended: false };
  for (const line of text.slice(0, -1).split('\n')) {
    if (found.ended) throw new Error(`after the end: ${line}`);
    if (line === '# EOF') found.ended = true;
    else if (line.startsWith('# ')) takeComment(found, line);
    else found.lines.push(sampleOf(line));
  }
  checkBelonging(found);
  return found;
}

function takeComment({ types, helps }: Exposition, line: string): void {
  const [, what, name = '', rest = ''] = /^# (TYPE|HELP|UNIT) (\S+) (.+)$/.exec(line) ?? [];
  if (what === undefined) throw new Error(`no comment of the format: ${line}`);
  const into = what === 'TYPE' ? types : helps;
  if (into.has(name)) throw new Error(`said twice: ${line}`);
  into.set(name, rest);
}

function sampleOf(line: string): Line {
  const [, name, inside = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (name === undefined) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  let end = 0;
  for (const match of inside.matchAll(LABEL)) {
    const [whole, label = '', text = ''] = match;
    if (label in labels) throw new Error(`a label twice: ${line}`);
    labels[label] = text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
    end = match.index + whole.length;
  }
  if (end !== inside.length) throw new Error(`labels that cannot be read: ${line}`);
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  if (value === '' || Number.isNaN(number)) throw new Error(`no number: ${line}`);
  return { name, labels, value: number };
}

/** Every sample has a type, none stands twice, and the lines of a family stand together. */
function checkBelonging({ types, lines }: Exposition): void {
  const seen = new Set<string>();
  const closed = new Set<string>();
  let current = '';
  for (const { name, labels } of lines) {
    const family = [
      name,
      ...['_bucket', '_sum', '_count', '_total', '_info'].flatMap((end) =>
        name.endsWith(end) ? [name.slice(0, -end.length)] : [],
      ),
    ].find((one) => types.has(one));
    if (family === undefined) throw new Error(`${name} has no type`);
    if (family !== current && closed.has(family)) throw new Error(`${family} is scattered`);
    closed.add(current);
    current = family;
    const key = `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
    if (seen.has(key)) throw new Error(`twice: ${key}`);
    seen.add(key);
  }
}
