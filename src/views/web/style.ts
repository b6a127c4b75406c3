import { createHash } from 'node:crypto';

/**
 * One stylesheet for all pages. Text has a contrast of at least 4.5 to what is behind it and marks one of 3, in both colour schemes; what a
 * colour says a shape or a word says too.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f4f6f8; --card: #fff; --text: #161b22; --muted: #55606e; --line: #d5dbe3; --link: #0b57b0;
  --healthy: #14703f; --slow: #8a5200; --stuck: #b3152a; --unknown: #55606e;
  --fill-healthy: #2f9e67; --fill-slow: #b87100; --fill-stuck: #d3263a; --fill-unknown: #77828f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0d1117; --card: #161c24; --text: #e8edf3; --muted: #9daab9; --line: #2c3642; --link: #7cb7ff;
    --healthy: #56cf93; --slow: #f2b441; --stuck: #ff7b83; --unknown: #9daab9;
    --fill-healthy: #3aa873; --fill-slow: #e0a030; --fill-stuck: #f4525f; --fill-unknown: #7a8694;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { font: 16px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Open Sans', 'DejaVu Sans', sans-serif; }
body { margin: 0; background: var(--back); color: var(--text); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; z-index: 1; padding: .5rem 1rem; background: var(--card); }
header, main, footer { max-width: 110rem; margin: 0 auto; padding: .75rem clamp(.75rem, 2vw, 2rem); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.5rem; }
header p { margin: 0; }
.brand a { color: inherit; font-weight: 700; text-decoration: none; }
nav ul { display: flex; gap: 1.25rem; margin: 0; padding: 0; list-style: none; }
nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
.count { padding: 0 .45em; border-radius: 1em; background: var(--text); color: var(--back); font-size: .8em; font-weight: 600; }
.clock { margin-left: auto; }
footer { color: var(--muted); font-size: .875rem; }
h1, h2, h3 { margin: 0; line-height: 1.25; text-wrap: balance; }
h1 { margin-bottom: .6rem; font-size: 1.6rem; }
h2 { margin: 1.75rem 0 .6rem; font-size: 1.1rem; }
h3 { font-size: 1.05rem; }
.muted, .more { color: var(--muted); }
.more { font-size: .875rem; }
.state { font-weight: 600; }
.state.healthy { color: var(--healthy); } .state.slow { color: var(--slow); }
.state.stuck { color: var(--stuck); } .state.unknown { color: var(--unknown); }
.tag { padding: 0 .4em; border: 1px solid currentcolor; border-radius: .3em; color: var(--muted); font-size: .8rem; }
.plain { padding: 0; list-style: none; }

.banner { padding: 1.1rem 1.4rem; border-radius: .6rem; background: #4a5563; color: #fff; }
.banner.healthy { background: #146c3f; } .banner.slow { background: #8a5200; } .banner.stuck { background: #b3152a; }
.banner h1 { margin: 0; font-size: clamp(1.5rem, 4vw, 2.6rem); }
.banner p { margin: .3rem 0 0; font-size: 1.05rem; }
.banner a, .banner .state { color: #fff; }
.banner a:focus-visible { outline-color: #fff; }

.notice { margin: 0 0 .6rem; padding: .6rem 1rem; border: 1px solid var(--fill-slow); border-left-width: .35rem; border-radius: .4rem; background: var(--card); font-weight: 600; }
.notice.mild { border-color: var(--line); border-left-color: var(--fill-unknown); font-size: .9375rem; font-weight: 400; }

.briefs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: .6rem; margin: 0; padding: 0; list-style: none; }
.brief, .incident { padding: .7rem 1rem; border: 1px solid var(--line); border-left: .35rem solid var(--fill-unknown); border-radius: .4rem; background: var(--card); }
.brief.stuck, .incident.stuck { border-left-color: var(--fill-stuck); }
.brief.slow, .incident.slow { border-left-color: var(--fill-slow); }
.brief.healthy, .incident.healthy { border-left-color: var(--fill-healthy); }
.brief .more { display: block; }
.incident { margin: 0 0 .8rem; }
.incident p { margin: .3rem 0; }
.quote { padding-left: .75rem; border-left: 2px solid var(--line); font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .875rem; }
.links { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.story { margin: .6rem 0 0; padding: .5rem 0 0; border-top: 1px solid var(--line); list-style: none; font-size: .9375rem; }
.story li { padding: .1rem 0; }
.story time { color: var(--muted); margin-right: .5em; }

.map { display: flex; flex-wrap: wrap; gap: .75rem 1.75rem; margin: 0; padding: 0; list-style: none; }
.map p { margin: 0 0 .2rem; font-size: .875rem; }
.cells { display: flex; flex-wrap: wrap; gap: 3px; max-width: 34rem; }
.cell { width: 1rem; height: 1rem; border-radius: 3px; background: var(--fill-unknown); }
.cell.healthy { background: var(--fill-healthy); } .cell.slow { background: var(--fill-slow); } .cell.stuck { background: var(--fill-stuck); }
.cell.slow, .cell.stuck { outline: 2px solid var(--text); outline-offset: -1px; }
.cell.unknown { background: none; border: 3px solid var(--fill-unknown); }
.cell.hushed { opacity: .55; }

table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; font-size: .9375rem; }
caption { padding: .3rem 0; color: var(--muted); font-size: .875rem; text-align: left; }
th, td { padding: .35rem .7rem; border-top: 1px solid var(--line); text-align: left; vertical-align: baseline; }
thead th { border-top: 0; color: var(--muted); font-size: .8125rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; }
.number { text-align: right; white-space: nowrap; }
tr.stuck { background: color-mix(in srgb, var(--fill-stuck) 9%, transparent); }
tr.slow { background: color-mix(in srgb, var(--fill-slow) 9%, transparent); }
.pools td, .pools tbody th { vertical-align: middle; }
.pools .state, .tag { white-space: nowrap; }
.pools .more { display: block; }
.pools tbody th { min-width: 12rem; }
.strips { width: 9rem; }
.small { width: auto; margin: .75rem 0; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: .75rem 0 0; }
.facts div { min-width: 8rem; }
dt { color: var(--muted); font-size: .8125rem; }
dd { margin: 0; }
figure { margin: 0; padding: .5rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.25rem; margin: .5rem 0; padding: 0; list-style: none; color: var(--muted); font-size: .875rem; }

svg { display: block; max-width: 100%; }
.strip { width: 8.5rem; height: 1.5rem; }
.base { fill: none; stroke: var(--line); }
path.healthy { fill: var(--fill-healthy); } path.slow { fill: var(--fill-slow); }
path.stuck { fill: var(--fill-stuck); } path.unknown { fill: var(--fill-unknown); }
path.open { fill-opacity: .25; stroke-width: .9; }
path.open.unknown { stroke: var(--fill-unknown); } path.open.slow { stroke: var(--fill-slow); } path.open.stuck { stroke: var(--fill-stuck); }
.plot { width: calc(100% - 5.5rem); margin-left: 5rem; overflow: visible; }
.scatter { height: clamp(15rem, 34vh, 30rem); }
.bars { height: 8rem; }
.mark { overflow: visible; }
.grid { stroke: var(--line); }
.axis, .limit-name { font-size: .75rem; fill: var(--muted); text-anchor: end; }
.axis.middle { text-anchor: middle; }
.limit { stroke-dasharray: 6 4; stroke-width: 1.5; }
.limit.slow { stroke: var(--fill-slow); } .limit.stuck { stroke: var(--fill-stuck); }
.limit-name { font-weight: 600; }
.limit-name.slow { fill: var(--slow); } .limit-name.stuck { fill: var(--stuck); }
.cold { fill: var(--link); stroke: var(--card); } .warm { fill: var(--card); stroke: var(--fill-healthy); stroke-width: 2; }
.unknown-start { fill: var(--fill-unknown); stroke: var(--card); }
path.waiting { fill: var(--fill-slow); } path.unclaimed { fill: var(--card); stroke: var(--fill-stuck); stroke-width: 1.75; }
.stem { stroke-width: 2; } .stem.waiting { stroke: var(--fill-slow); } .stem.unclaimed { stroke: var(--fill-stuck); stroke-dasharray: 2 3; }
.key { display: inline-block; width: .8rem; height: .8rem; vertical-align: -.1em; }
.bar { fill: var(--fill-healthy); } .usual { stroke: var(--text); stroke-dasharray: 6 4; }
.budget { width: 100%; height: .9rem; }
.spent { fill: var(--line); } .left { fill: var(--fill-healthy); }

@media (min-width: 90rem) { .pools .more { white-space: nowrap; } }
@media (max-width: 74rem) { .wider { display: none; } }
@media (max-width: 58rem) {
  .wide { display: none; }
  .clock { margin-left: 0; }
  th, td { padding: .35rem .4rem; }
}
@media (max-width: 34rem) {
  .medium { display: none; }
  .pools { table-layout: fixed; font-size: .875rem; }
  .pools tbody th { min-width: 0; }
  .canaries .task { width: 45%; max-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .pools thead th:first-child { width: 2rem; }
  .pools th.strips { width: 5.5rem; }
  .strip { width: 5rem; }
  .pools thead th.number { width: 5rem; }
  .pools .number, .pools .number .state { white-space: normal; overflow-wrap: normal; }
  .small { width: 100%; }
  .axis.odd { display: none; }
  .small th, .small td { padding: .3rem .15rem; font-size: .75rem; white-space: normal; overflow-wrap: normal; }
  .pools td:first-child .more, .pools thead th:first-child { font-size: 0; }
  .pools td:first-child .state { display: block; width: 1em; overflow: hidden; }
  .banner { padding: .9rem 1rem; }
}
@media (min-width: 120rem) {
  html { font-size: 20px; }
  header, main, footer { max-width: none; }
  .scatter circle { r: 5.5px; }
  .briefs { grid-template-columns: repeat(auto-fill, minmax(34rem, 1fr)); }
}
@media print { nav, .clock a, footer { display: none; } }
`;

/** Another address for each stylesheet, so that browsers may keep it for ever. */
export const STYLE_PATH = `/style-${createHash('sha256').update(STYLE).digest('hex').slice(0, 10)}.css`;
