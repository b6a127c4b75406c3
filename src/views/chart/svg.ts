/** Shapes of SVG as text; numbers in pixels. Whatever text they hold is escaped here. */

type Attributes = Record<string, string | number | undefined>;

export function element(name: string, attributes: Attributes, content?: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? Math.round(value * 10) / 10 : value}"`)
    .join('');
  return content === undefined ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function rectangle({ x, y, width, height }: Box, more: Attributes): string {
  return element('rect', { x, y, width: Math.max(0, width), height: Math.max(0, height), ...more });
}

export function line(from: [number, number], to: [number, number], more: Attributes): string {
  return element('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], ...more });
}

export function text(content: string, x: number, y: number, size: number, more: Attributes): string {
  return element('text', { x, y, 'font-size': size, ...more }, escaped(content));
}

/** Without what XML cannot hold. */
function escaped(content: string): string {
  const held = content.replace(/\p{Surrogate}|(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '\u{FFFD}');
  return held.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
