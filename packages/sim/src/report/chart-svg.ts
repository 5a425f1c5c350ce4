import type { Phase } from "@sluice/core/law";
import { type ChartDomain, valveCountOf } from "./chart-domain.ts";
import { type ChartScales, LAYOUT, scalesOf } from "./chart-layout.ts";
import { pointsOf, thinnedOut, untilEnd } from "./chart-points.ts";
import { eventCountsText, tripCountOf } from "./event-counts.ts";
import { highest, lowest } from "./extremes.ts";
import { phaseTurnsOf } from "./phase-turns.ts";
import { pickDecisions } from "./pick-decisions.ts";
import { linePath, pathElement, pixels, stepPath, textElement } from "./svg.ts";
import { countTicks, minuteTicks } from "./ticks.ts";
import type { Trace, TraceEvent } from "./trace.ts";
import { clockOf, escapeHtml, numberOf, numberText } from "./words.ts";

/** A phase of a moment is still seen; a probe, which takes one, most of all. */
const PHASE_WIDTHS_MIN: Readonly<Record<Phase, number>> = { closed: 1.5, "half-open": 4, open: 1.5 };

/** One trace as SVG; it relies on the page's style. At most `tooltipsMax` decisions have a tooltip, all have a tick. */
export function chartSvg(trace: Trace, domain: ChartDomain, tooltipsMax: number): string {
  const label = escapeHtml(`${trace.title}. ${descriptionOf(trace)}`);
  const open = `<svg viewBox="0 0 ${LAYOUT.width} ${LAYOUT.height}" role="img" aria-label="${label}">`;
  if (trace.samples.length === 0) {
    return `${open}<text class="none" x="${LAYOUT.width / 2}" y="${LAYOUT.height / 2}">No samples</text></svg>`;
  }
  const axes = scalesOf(domain);
  return [
    open,
    gridLines(domain, axes),
    capacityArea(trace, axes),
    shutAreas(trace, axes),
    boundLine(trace, axes),
    flightLine(trace, axes),
    limitLine(trace, axes),
    phaseBand(trace, axes),
    valveStrip(trace, domain, axes),
    decisionTicks(trace.events, tooltipsMax, axes),
    "</svg>",
  ].join("");
}

function gridLines({ durationMs, maxCount, maxValveCount }: ChartDomain, { x, y }: ChartScales): string {
  const { left, right, plot, valve, phaseY, labelsY, axisTitleY } = LAYOUT;
  const counts = countTicks(maxCount, 4);
  const minutes = minuteTicks(durationMs / 60_000, 7);
  const across = counts.map((count) => `M${left} ${pixels(y(count))}H${right}`);
  const down = minutes.map((minute) => `M${pixels(x(minute * 60_000))} ${plot.top}V${valve.bottom}`);
  return [
    pathElement("grid", [...across, ...down, `M${left} ${valve.bottom}H${right}`].join("")),
    ...counts.map((count) => textElement("y", left - 6, y(count) + 3.5, numberText(count))),
    ...minutes.map((minute) => textElement("x", x(minute * 60_000), labelsY, String(minute))),
    textElement("y", left - 6, phaseY + 3.5, "phase"),
    textElement("y", left - 6, (valve.top + valve.bottom) / 2 + 3.5, "valve"),
    textElement("right", right + 4, valve.top + 6, numberText(maxValveCount)),
    textElement("x", (left + right) / 2, axisTitleY, "minutes"),
  ].join("");
}

function capacityArea(trace: Trace, { x, y }: ChartScales): string {
  const points = pointsOf(trace, ({ capacityCount }) => capacityCount);
  const [first] = points;
  if (first === undefined) return "";
  const drawn = untilEnd(trace, thinnedOut(points));
  const base = pixels(LAYOUT.plot.bottom);
  return pathElement("capacity", `${stepPath(drawn, x, y)}V${base}H${pixels(x(first.atMs))}Z`);
}

/** Closings and holds, over the whole height of the plot; the pointer on one tells its name. */
function shutAreas({ shutSpans = [] }: Trace, { x }: ChartScales): string {
  const { top, bottom } = LAYOUT.plot;
  return shutSpans
    .map(({ kind, name, fromMs, untilMs }) => {
      const path = `M${pixels(x(fromMs))} ${top}H${pixels(x(untilMs))}V${bottom}H${pixels(x(fromMs))}Z`;
      const title = `${clockOf(fromMs)} to ${clockOf(untilMs)} ${name}`;
      return `<path class="shut ${kind}" d="${path}"><title>${escapeHtml(title)}</title></path>`;
    })
    .join("");
}

function boundLine({ maxConcurrency }: Trace, { y }: ChartScales): string {
  const { left, right } = LAYOUT;
  const atY = y(maxConcurrency);
  return (
    pathElement("bound", `M${left} ${pixels(atY)}H${right}`) + textElement("right", right + 4, atY + 3.5, "X")
  );
}

function flightLine(trace: Trace, { x, y }: ChartScales): string {
  const points = pointsOf(trace, ({ inFlightCount }) => inFlightCount);
  return pathElement("flight", linePath(thinnedOut(points), x, y));
}

function limitLine(trace: Trace, { x, y }: ChartScales): string {
  const points = pointsOf(trace, ({ limit }) => limit);
  return pathElement("limit", stepPath(untilEnd(trace, thinnedOut(points)), x, y));
}

function phaseBand(trace: Trace, { x }: ChartScales): string {
  const paths: Record<Phase, string> = { closed: "", "half-open": "", open: "" };
  const turns = phaseTurnsOf(trace);
  let drawnToX: number = LAYOUT.left;
  for (const [index, { phase, atMs }] of turns.entries()) {
    const fromX = Math.max(drawnToX, x(atMs));
    // What follows below a phase of a moment is not worth its bytes.
    const toX = Math.min(
      LAYOUT.right,
      Math.max(x(turns[index + 1]?.atMs ?? trace.durationMs), fromX + PHASE_WIDTHS_MIN[phase]),
    );
    if (toX <= drawnToX) continue;
    paths[phase] += `M${pixels(fromX)} ${LAYOUT.phaseY}H${pixels(toX)}`;
    drawnToX = toX;
  }
  return (["closed", "half-open", "open"] as const)
    .filter((phase) => paths[phase] !== "")
    .map((phase) => pathElement(`phase ${phase}`, paths[phase]))
    .join("");
}

function valveStrip(trace: Trace, { maxValveCount }: ChartDomain, { x, valveY }: ChartScales): string {
  if (maxValveCount === 0) return "";
  const points = thinnedOut(pointsOf(trace, valveCountOf));
  return pathElement("valve", stepPath(untilEnd(trace, points), x, valveY));
}

function decisionTicks(decisions: readonly TraceEvent[], tooltipsMax: number, { x }: ChartScales): string {
  const { ticksTop, tickLength } = LAYOUT;
  const positions = new Set(decisions.map(({ atMs }) => pixels(Math.round(x(atMs) * 2) / 2)));
  const ticks = [...positions].map((position) => `M${position} ${ticksTop}v${tickLength}`).join("");
  const tooltips = pickDecisions(decisions, tooltipsMax).map(({ atMs, summary }) => {
    const path = `M${pixels(x(atMs))} ${ticksTop - 2}v${tickLength + 4}`;
    return `<path class="tip" d="${path}"><title>${clockOf(atMs)} ${escapeHtml(summary)}</title></path>`;
  });
  return (ticks === "" ? "" : pathElement("ticks", ticks)) + tooltips.join("");
}

function descriptionOf({ samples, events, maxConcurrency }: Trace): string {
  if (samples.length === 0) return "No samples.";
  const mostInFlight = highest(samples.map(({ inFlightCount }) => inFlightCount));
  const limits = samples.map(({ limit }) => limit);
  return [
    `Most in flight ${mostInFlight} of ${maxConcurrency}`,
    `limit ${numberText(lowest(limits))} to ${numberText(highest(limits))}`,
    numberOf(tripCountOf(events), "trip"),
    `${eventCountsText(events)}.`,
  ].join(", ");
}
