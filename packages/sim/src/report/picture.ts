import { domainOf } from "./chart-domain.ts";
import { CHART_STYLE, COLOURS } from "./chart-style.ts";
import { chartSvg } from "./chart-svg.ts";
import type { Trace } from "./trace.ts";

/** A trace as an SVG file of its own, for a page that can't bring the report's style. */
export function pictureOf(trace: Trace): string {
  const svg = chartSvg(trace, domainOf([trace]), 0);
  const style = `<style>${COLOURS}svg { font-family: system-ui, sans-serif; }\n${CHART_STYLE}</style>`;
  return `${svg.replace(">", ` xmlns="http://www.w3.org/2000/svg">${style}`)}\n`;
}
