import { CHART_STYLE, COLOURS } from "./chart-style.ts";

/** The style of the report's page and of its charts, light and dark. */
export const HTML_STYLE: string = `
${COLOURS}* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem clamp(1rem, 3vw, 2.5rem) 4rem; max-width: 116rem;
  background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums;
}
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; scroll-margin-top: 3.5rem; }
h3 { font-size: 1rem; margin: 0; }
.quiet { color: var(--quiet); margin: .25rem 0; font-size: .9rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1.25rem 0; font-size: .9rem; }
a { color: var(--flight); text-underline-offset: .2em; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--flight); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { text-align: left; padding: .3rem 1.1rem .3rem 0; border-bottom: 1px solid var(--edge); vertical-align: top; }
thead th { color: var(--quiet); font-weight: 500; white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
td.number { text-align: right; }
strong { background: var(--strong); border-radius: .2rem; padding: 0 .25rem; margin-right: -.25rem; }
.legend {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 1rem 0 0;
  padding: .6rem 0; background: var(--page); border-bottom: 1px solid var(--edge); font-size: .85rem; color: var(--quiet);
  list-style: none;
}
.legend li { display: flex; align-items: center; gap: .4rem; }
.legend svg { width: 26px; height: 12px; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 1rem; align-items: start; }
article { background: var(--card); border: 1px solid var(--edge); border-radius: .6rem; padding: .9rem 1rem .8rem; min-width: 0; }
article > svg { display: block; width: 100%; height: auto; margin: .5rem 0 .25rem; }
dl { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .3rem 0 0; font-size: .85rem; }
dl div { display: flex; gap: .35rem; }
dt { color: var(--quiet); }
dd { margin: 0; font-weight: 600; }
details { font-size: .85rem; }
summary { cursor: pointer; color: var(--quiet); }
summary:hover { color: var(--ink); }
details .scroll { max-height: 22rem; overflow: auto; margin-top: .4rem; }
.decisions { margin: 0; font-size: .8rem; width: 100%; }
.decisions thead th { position: sticky; top: 0; background: var(--card); }
.decisions th, .decisions td { padding-right: .7rem; }
.decisions .change { white-space: nowrap; }
.decisions td span { display: inline-block; margin-right: .6rem; color: var(--quiet); }
.decisions td b { color: var(--ink); font-weight: 500; }
.decisions .valve td, .decisions .hold td { color: var(--quiet); }
${CHART_STYLE}svg .shut { opacity: .28; }
svg .small { font-size: 9px; }
svg .weather.fair { fill: var(--grid); } svg .weather.foul { fill: var(--capacity); }
svg .weather { stroke: var(--card); stroke-width: 2; }
svg .latency { stroke: var(--valve); stroke-width: 1.4; stroke-linejoin: round; stroke-linecap: round; }
svg .faults { fill: var(--open); opacity: .75; }
svg .shut.window { fill: var(--valve); }
svg .shut.hold { fill: var(--half-open); }
.decisions td:last-child { min-width: 9rem; padding-right: 0; }
@media (max-width: 44rem) { .legend { position: static; } }
@media print { .legend { position: static; } article { break-inside: avoid; } }
`;
