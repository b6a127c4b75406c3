/** Values by labels, none of which comes from outside. */
export interface Sample {
  /** What the name ends with, as `_bucket`; nothing by default. */
  suffix?: string;
  labels?: Record<string, string>;
  value: number;
}

/** One metric; the name of a counter is without `_total`, and that of information without `_info`. */
export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram' | 'info';
  samples: Sample[];
}

export const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

const ENDINGS: Partial<Record<Family['type'], string>> = { counter: '_total', info: '_info' };

/** Prometheus's text format. `always` are labels that every sample has. */
export function prometheusText(families: readonly Family[], always: Record<string, string>): string {
  return families
    .map((family) => {
      const name = family.name + (ENDINGS[family.type] ?? '');
      const type = family.type === 'info' ? 'gauge' : family.type;
      return `# HELP ${name} ${escapedHelp(family.help)}\n# TYPE ${name} ${type}\n${lines(family, always, String)}`;
    })
    .join('');
}

/** The same as OpenMetrics, where bounds are written as floating-point numbers. */
export function openMetricsText(families: readonly Family[], always: Record<string, string>): string {
  const bound = (le: string) => (/^\d+$/.test(le) ? `${le}.0` : le);
  const texts = families.map(
    (family) =>
      `# TYPE ${family.name} ${family.type}\n# HELP ${family.name} ${escapedLabel(family.help)}\n${lines(family, always, bound)}`,
  );
  return `${texts.join('')}# EOF\n`;
}

function lines({ name, type, samples }: Family, always: Record<string, string>, bound: (le: string) => string): string {
  const written = (labels: Record<string, string>) =>
    Object.entries(labels).map(([label, text]) => `${label}="${escapedLabel(label === 'le' ? bound(text) : text)}"`);
  const common = written(always);
  return samples
    .map(({ suffix = ENDINGS[type] ?? '', labels, value }) => {
      const pairs = labels === undefined ? common : [...common, ...written(labels)];
      return `${name}${suffix}{${pairs.join(',')}} ${numeral(value)}\n`;
    })
    .join('');
}

function numeral(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapedLabel(text: string): string {
  return /[\\\n"]/.test(text) ? escapedHelp(text).replaceAll('"', '\\"') : text;
}
