import { type ChartDomain, domainOf } from "./chart-domain.ts";
import { chartSvg } from "./chart-svg.ts";
import { conditionsSvg, hasConditions } from "./conditions-svg.ts";
import { decisionList } from "./decision-list.ts";
import { HTML_STYLE } from "./html-style.ts";
import { type ReportTable, tableHtml } from "./report-table.ts";
import type { ShutSpan, Trace } from "./trace.ts";
import { escapeHtml } from "./words.ts";

/** Decisions that a page lists in all, so that one of 200 charts stays below 15 MB. */
const LISTED_ON_PAGE = 12_000;
/** The longest list that is still read. */
const LISTED_PER_TRACE = 500;

/**
 * Traces as one HTML page that needs nothing else: tables first, then the charts, those of one scenario side by side
 * and on the same axes. It follows the reader's choice of light or dark.
 */
export function htmlReport(traces: readonly Trace[], tables: readonly ReportTable[] = []): string {
  const groups = [...Map.groupBy(traces, ({ scenario, title }) => scenario ?? title)];
  const listedMax = Math.min(LISTED_PER_TRACE, Math.ceil(LISTED_ON_PAGE / Math.max(1, traces.length)));
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><title>Sluice: how the runs went</title>`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<style>${HTML_STYLE}</style></head><body>`,
    `<header><h1>How the runs went</h1><p class="quiet">${overviewOf(traces, groups.length)}</p></header>`,
    "<main>",
    ...tables.map(tableHtml),
    navigation(groups.map(([name]) => name)),
    traces.length === 0 ? "" : legendOf(traces),
    ...groups.map(([name, members], index) => sectionHtml(name, members, index, listedMax)),
    "</main></body></html>",
    "",
  ].join("\n");
}

function overviewOf(traces: readonly Trace[], groupCount: number): string {
  if (traces.length === 0) return "No runs.";
  const runs = traces.length === 1 ? "1 run" : `${traces.length} runs`;
  const scenarios = groupCount === 1 ? "1 scenario" : `${groupCount} scenarios`;
  return `${runs} of ${scenarios}. Charts of one scenario share their axes; rest the pointer on a tick to read a decision.`;
}

function navigation(names: readonly string[]): string {
  if (names.length < 2) return "";
  const links = names.map((name, index) => `<a href="#group-${index}">${escapeHtml(name)}</a>`);
  return `<nav aria-label="Scenarios">${links.join("\n")}</nav>`;
}

function sectionHtml(name: string, traces: readonly Trace[], index: number, listedMax: number): string {
  const domain = domainOf(traces);
  return [
    `<section aria-labelledby="group-${index}"><h2 id="group-${index}">${escapeHtml(name)}</h2>`,
    `<div class="charts">`,
    ...traces.map((trace) => articleHtml(trace, domain, listedMax)),
    "</div></section>",
  ].join("\n");
}

function articleHtml(trace: Trace, domain: ChartDomain, listedMax: number): string {
  return [
    `<article><h3>${escapeHtml(trace.law ?? trace.title)}</h3>`,
    figuresHtml(trace.figures),
    chartSvg(trace, domain, listedMax),
    conditionsSvg(trace, domain),
    decisionList(trace.events, listedMax),
    "</article>",
  ].join("\n");
}

function figuresHtml(figures: Trace["figures"]): string {
  const entries = Object.entries(figures).map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return entries.length === 0 ? "" : `<dl>${entries.join("")}</dl>`;
}

type LegendEntry = readonly [kind: string, path: string, name: string];

/** The legend of what the charts show: closings and holds are rare. */
function legendOf(traces: readonly Trace[]): string {
  const kinds = new Set(traces.flatMap(({ shutSpans = [] }) => shutSpans.map(({ kind }) => kind)));
  return legendHtml([
    ...ALWAYS_SHOWN,
    ...(traces.some(hasConditions) ? CONDITIONS_SHOWN : []),
    ...SHUT_SHOWN.filter(([kind]) => kinds.has(kind)).map(([, entry]) => entry),
  ]);
}

const SHUT_SHOWN: readonly (readonly [kind: ShutSpan["kind"], entry: LegendEntry])[] = [
  ["window", ["shut window", "M0 0H26V12H0Z", "the provider is closed"]],
  ["hold", ["shut hold", "M0 0H26V12H0Z", "an operator holds it"]],
];

const CONDITIONS_SHOWN: readonly LegendEntry[] = [
  ["weather foul", "M0 0H26V12H0Z", "weather"],
  ["latency", "M1 9L7 4L13 8L19 3L25 6", "median latency"],
  ["faults", "M1 12V6H12V2H20V12Z", "faults a second"],
];

const ALWAYS_SHOWN: readonly LegendEntry[] = [
  ["capacity", "M0 2H26V12H0Z", "true capacity"],
  ["limit", "M1 6H25", "limit"],
  ["flight", "M1 9L7 4L13 8L19 3L25 6", "in flight"],
  ["bound", "M0 6H26", "X, the most allowed"],
  ["phase closed", "M0 6H26", "closed"],
  ["phase half-open", "M0 6H26", "half-open"],
  ["phase open", "M0 6H26", "open"],
  ["valve", "M0 10H12V3H26", "valve: maximum concurrency × batch size, on a scale of its own"],
  ["ticks", "M6 2v8M14 2v8M17 2v8", "decisions and valve updates"],
];

function legendHtml(entries: readonly LegendEntry[]): string {
  const items = entries.map(
    ([kind, path, name]) =>
      `<li><svg viewBox="0 0 26 12" aria-hidden="true"><path class="${kind}" d="${path}"/></svg>${name}</li>`,
  );
  return `<ul class="legend" aria-label="Legend">${items.join("\n")}</ul>`;
}
