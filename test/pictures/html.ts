export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function pageOf(style: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>picture</title><style>${style}</style><body>${body}</body></html>`;
}
