/** The colours of pages and charts, light and dark. */
export const COLOURS: string = `:root {
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
`;

/** The rules of charts; they need {@link COLOURS}. */
export const CHART_STYLE: string = `svg text { fill: var(--quiet); font-size: 10.5px; }
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
svg .half-open { stroke: var(--half-open); stroke-width: 15; }
svg .open { stroke: var(--open); stroke-width: 11; }
`;
