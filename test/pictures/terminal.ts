import { ESCAPE } from '../support/screen.ts';
import { escaped, pageOf } from './html.ts';

/** The colours that `picocolors` sets, as a dark terminal has them. */
const COLORS: Record<string, string> = {
  '31': '#ff7b72',
  '32': '#7ee787',
  '33': '#e3b341',
  '34': '#79c0ff',
  '36': '#76e3ea',
  '90': '#8b949e',
};

/** What a command printed, in a window. */
export function terminalHtml(command: string, lines: readonly string[]): string {
  const shown = [`\u001b[32m$\u001b[39m ${command}`, ...lines].map(colored).join('\n');
  return pageOf(STYLE, `<div class="window"><div class="bar"><i></i><i></i><i></i></div><pre>${shown}</pre></div>`);
}

const SEQUENCE = new RegExp(`${ESCAPE}\\[(\\d+)m`);

/** A line's escape sequences as spans; each one that ends something ends all, as the lines here never nest two of a kind. */
function colored(line: string): string {
  const on = { color: '', bold: false, dim: false };
  const parts = line.split(SEQUENCE);
  return parts
    .map((part, i) => {
      if (i % 2 === 0) return spanned(part, on);
      if (part in COLORS) on.color = COLORS[part] ?? '';
      else if (part === '39') on.color = '';
      else if (part === '1') on.bold = true;
      else if (part === '2') on.dim = true;
      else if (part === '22' || part === '0') Object.assign(on, { bold: false, dim: false });
      return '';
    })
    .join('');
}

function spanned(text: string, { color, bold, dim }: { color: string; bold: boolean; dim: boolean }): string {
  if (text === '') return '';
  const style = [color && `color:${color}`, bold && 'font-weight:700', dim && 'opacity:.62'].filter(Boolean).join(';');
  return style === '' ? escaped(text) : `<span style="${style}">${escaped(text)}</span>`;
}

const STYLE = `
body { margin: 0; background: #fff; }
.window { display: inline-block; margin: 12px; border-radius: 8px; background: #0d1117; color: #e6edf3; overflow: hidden; }
.bar { padding: 9px 12px; background: #161b22; display: flex; gap: 7px; }
.bar i { width: 11px; height: 11px; border-radius: 50%; background: #484f58; }
pre { margin: 0; padding: 12px 18px 18px; font: 13px/1.42 'DejaVu Sans Mono', 'Noto Sans Mono', Menlo, Consolas, monospace; }
`;
