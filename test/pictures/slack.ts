import type { KnownBlock, TableBlock } from '@slack/types';
import { escaped, pageOf } from './html.ts';

/** A message as Slack's light scheme shows it, near enough: an app's post with a header, text, a table, a picture and small print. */
export function slackHtml(blocks: readonly object[], png: Uint8Array): string {
  const picture = `<img alt="" src="data:image/png;base64,${Buffer.from(png).toString('base64')}">`;
  const body = blocks.map((block) => blockHtml(block as KnownBlock, picture)).join('\n');
  return pageOf(
    STYLE,
    `<div class="post"><div class="face">tc</div><div class="body">
<p class="who"><b>Taskcluster Canary</b> <span class="app">APP</span> <span class="when">11:32 PM</span></p>
<p class="pin">Pinned by Taskcluster Canary</p>
${withSigns(body)}</div></div>`,
  );
}

/** Not every machine has a font with emoji. */
const SIGNS: Record<string, string> = { '🔴': '#e0243a', '🟡': '#f2b705', '🟢': '#2eb67d', '⚪': '#c4c4c4', '🔵': '#1d7fe0' };

function withSigns(html: string): string {
  return html.replace(/🔴|🟡|🟢|⚪|🔵/gu, (sign) => `<i class="sign" style="background:${SIGNS[sign]}"></i>`);
}

function blockHtml(block: KnownBlock, picture: string): string {
  if (block.type === 'header') return `<h1>${escaped(block.text.text)}</h1>`;
  if (block.type === 'section') return `<p class="section">${mrkdwn(block.text?.text ?? '')}</p>`;
  if (block.type === 'context')
    return `<p class="context">${block.elements.map((one) => ('text' in one ? mrkdwn(one.text) : '')).join(' ')}</p>`;
  if (block.type === 'image') return `<figure>${picture}</figure>`;
  if (block.type === 'table') return tableHtml(block);
  throw new Error(`no picture of a block of type ${block.type}`);
}

function tableHtml({ column_settings, rows: [head = [], ...rows] }: TableBlock): string {
  const align = (column: number) => (column_settings?.[column]?.align === 'right' ? ' class="right"' : '');
  const row = (cells: TableBlock['rows'][number], tag: 'th' | 'td') =>
    cells.map((cell, i) => `<${tag}${align(i)}>${escaped('text' in cell ? cell.text : '')}</${tag}>`).join('');
  return `<table><tr>${row(head, 'th')}</tr>${rows.map((cells) => `<tr>${row(cells, 'td')}</tr>`).join('')}</table>`;
}

/** Slack's own markup, whose text is escaped already. */
function mrkdwn(text: string): string {
  return text
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<(https?:[^|>]*)\|([^>]*)>/g, '<a href="$1">$2</a>')
    .replace(/\*([^*\n]+)\*/g, '<b>$1</b>')
    .replace(/\n/g, '<br>');
}

const STYLE = `
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.47 Lato, Inter, 'Noto Sans', 'Open Sans', 'DejaVu Sans', sans-serif; }
.post { display: flex; gap: 8px; padding: 14px 20px 16px; width: max-content; box-sizing: border-box; }
.face { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #ffd75e; text-align: center; font-weight: 800; font-size: 17px; line-height: 36px; }
.body { flex: 1; min-width: 0; }
p, h1, figure { margin: 0 0 8px; }
.who, .pin { margin: 0 0 2px; }
.app { padding: 0 4px; border-radius: 3px; background: #e8e8e8; color: #555; font-size: 10px; font-weight: 700; }
.when, .context, .pin { color: #616061; font-size: 12.5px; }
h1 { font-size: 18px; font-weight: 800; }
a { color: #1264a3; text-decoration: none; }
table { border-collapse: separate; border-spacing: 0; margin: 0 0 10px; border: 1px solid #ddd; border-radius: 8px; overflow: hidden; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 10px; border: solid #ddd; border-width: 0 1px 1px 0; text-align: left; white-space: nowrap; }
th { background: #f8f8f8; font-weight: 700; }
tr:last-child td { border-bottom: 0; } tr > :last-child { border-right: 0; }
.right { text-align: right; }
.sign { display: inline-block; width: .82em; height: .82em; margin-right: .15em; border-radius: 50%; vertical-align: -.06em; }
figure img { display: block; width: 600px; height: auto; border-radius: 8px; border: 1px solid #ddd; }
`;
