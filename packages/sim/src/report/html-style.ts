/** The style of the report's page and of its charts, light and dark. */
export const HTML_STYLE: string = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --edge: #e3e3df; --ink: #1c1f24; --quiet: #646b75; --grid: #ececea;
  --capacity: #dfe5ec; --limit: #c2410c; --flight: #1d64c2; --valve: #6b5b95; --tick: #4b5563;
  --closed: #3f9b63; --half-open: #d99a06; --open: #cf2f3a; --strong: #e8f1ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131518; --card: #1b1e23; --edge: #2e333b; --ink: #e7e9ec; --quiet: #99a2ae; --grid: #282d34;
    --capacity: #333c48; --limit: #ff9052; --flight: #6aaeff; --valve: #b7a3e6; --tick: #a9b2be;
    --closed: #4fb87a; --half-open: #e9b33c; --open: #ff6067; --strong: #223a2b;
  }
}
* { box-sizing: border-box; }
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
svg text { fill: var(--quiet); font-size: 10.5px; }
svg .y { text-anchor: end; } svg .x, svg .none { text-anchor: middle; } svg .none { font-size: 14px; }
svg path { fill: none; stroke-width: 1; }
svg .grid { stroke: var(--grid); }
svg .capacity { fill: var(--capacity); }
svg .bound { stroke: var(--quiet); stroke-dasharray: 2 4; }
svg .flight { stroke: var(--flight); stroke-width: 1.2; opacity: .9; stroke-linejoin: round; stroke-linecap: round; }
svg .limit { stroke: var(--limit); stroke-width: 1.8; stroke-linecap: round; }
svg .valve { stroke: var(--valve); }
svg .ticks { stroke: var(--tick); stroke-width: 1.2; opacity: .75; }
svg .tip { stroke: transparent; stroke-width: 6; pointer-events: stroke; }
svg .tip:hover { stroke: var(--limit); stroke-width: 3; }
svg .closed { stroke: var(--closed); stroke-width: 3; }
svg .half-open { stroke: var(--half-open); stroke-width: 7; }
svg .open { stroke: var(--open); stroke-width: 11; }
.decisions td:last-child { min-width: 9rem; padding-right: 0; }
@media (max-width: 44rem) { .legend { position: static; } }
@media print { .legend { position: static; } article { break-inside: avoid; } }
`;
