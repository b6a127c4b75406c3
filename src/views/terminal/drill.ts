import type { Outcome } from '../../drill/run.ts';
import { clockTime, dayOf, spoken } from '../../evidence/instant.ts';
import { type Beat, beatsOf, placeOf } from '../drill.ts';
import { drillTable, failureLines, pagesText } from './drill-table.ts';
import { type Colors, harmless, pad, WIDEST, withoutAddresses, wrapped } from './text.ts';

const IN_BRACKETS = 'In brackets what people took: noticed and paged from when it broke, resolved from when it was mended.';
/** The time, how long after it broke, and two gaps. */
const TIMES = { clock: 8, since: 8, gap: 2 };

/** One drill: people's and prober's events side by side, the messages in full, and the verdict. */
export function drillLines(outcome: Outcome, colors: Colors, width: number): string[] {
  const room = Math.min(width, WIDEST);
  const beats = beatsOf(outcome);
  return [
    ...heading(outcome, colors, room),
    '',
    ...timeline(outcome, beats, colors, room),
    '',
    ...messages(outcome, beats, colors, room),
    ...drillTable([outcome], colors, room),
    ...wrapped(`${pagesText(outcome)} ${IN_BRACKETS}`, room).map(colors.dim),
    ...failureLines([outcome], colors, room),
  ];
}

/** What all drills came to. */
export function drillsLines(outcomes: readonly Outcome[], colors: Colors, width: number): string[] {
  const failures = failureLines(outcomes, colors, width);
  return [
    ...drillTable(outcomes, colors, width),
    ...wrapped(IN_BRACKETS, width).map(colors.dim),
    ...(failures.length === 0 ? [] : ['', ...failures]),
  ];
}

function heading({ name, scenario, config, missing }: Outcome, colors: Colors, room: number): string[] {
  const { title, start, end, seed } = scenario;
  const played = `${dayOf(start)} ${clockTime(start)} to ${dayOf(end)} ${clockTime(end)} UTC · on ${harmless(config)} · seed ${seed}`;
  const lacking = missing.map((pool) => `${harmless(pool)}: the drill's deployment has no such pool, so its probe is left out`);
  return [
    ...wrapped(`${harmless(name)}: ${harmless(title)}`, room).map(colors.bold),
    ...wrapped(played, room).map(colors.dim),
    ...lacking.flatMap((line) => wrapped(line, room, 2).map(colors.yellow)),
  ];
}

function timeline(outcome: Outcome, beats: readonly Beat[], colors: Colors, room: number): string[] {
  const { scenario } = outcome;
  const left = TIMES.clock + TIMES.since + 2 * TIMES.gap;
  const side = Math.floor((room - left - TIMES.gap) / 2);
  const gap = ' '.repeat(TIMES.gap);
  const row = (clock: string, since: string, people: string, prober: string) =>
    [pad(clock, TIMES.clock), pad(since, TIMES.since, true), pad(people, side), prober].join(gap).trimEnd();
  let day = '';
  return [
    colors.dim(row('UTC', 'SINCE', 'PEOPLE', 'PROBER')),
    ...beats.flatMap((beat) => {
      const texts = wrapped(textOf(beat, outcome), side, 2).map(painter(beat, colors));
      const since = beat.at < scenario.broke ? '' : `+${beat.at === scenario.broke ? '0s' : spoken(beat.at - scenario.broke)}`;
      const begins = dayOf(beat.at) === day ? [] : [colors.dim(dayOf(beat.at))];
      day = dayOf(beat.at);
      return [
        ...begins,
        ...texts.map((text, i) => {
          const [people, prober] = beat.who === 'people' ? [text, ''] : ['', text];
          return i === 0 ? row(clockTime(beat.at), since, people, prober) : row('', '', people, prober);
        }),
      ];
    }),
  ];
}

function textOf(beat: Beat, outcome: Outcome): string {
  if (beat.who === 'people') return `${beat.mark === undefined ? '·' : `● ${beat.mark}:`} ${harmless(beat.text)}`;
  const mark = markOf(beat);
  // PagerDuty's end repeats what it began with.
  return `${mark} ${placeOf(beat, outcome)}${mark === '✓' && beat.via === 'pagerduty' ? ', resolved' : `: ${harmless(beat.lines[0] ?? '')}`}`;
}

function markOf({ via, what, incident }: Extract<Beat, { who: 'prober' }>): string {
  const over = incident.ended !== undefined || (via === 'pagerduty' && what === 'resolved');
  return over ? '✓' : incident.level === 'page' ? '■' : '▲';
}

function painter(beat: Beat, colors: Colors): (text: string) => string {
  if (beat.who === 'people') return beat.mark === undefined ? (text) => text : colors.cyan;
  return { '✓': colors.green, '■': colors.red, '▲': colors.yellow }[markOf(beat)] ?? colors.yellow;
}

/** What would have been sent, word for word; an edit of a message that a reply repeats is left out. */
function messages(outcome: Outcome, beats: readonly Beat[], colors: Colors, room: number): string[] {
  return beats.flatMap((beat) => {
    if (beat.who === 'people') return [];
    const body = withoutAddresses(beat.lines)
      .flatMap((line) => wrapped(harmless(line), room - 2))
      .map((line) => `${colors.dim('│')} ${line}`);
    return [`${colors.dim(clockTime(beat.at))}  ${colors.bold(`✉ ${placeOf(beat, outcome)}, ${beat.what}`)}`, ...body, ''];
  });
}
