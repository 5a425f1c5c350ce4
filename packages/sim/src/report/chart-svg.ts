import type { Phase } from "@sluice/core/law";
import { decimate } from "./decimate.ts";
import { pickDecisions } from "./pick-decisions.ts";
import type { Point } from "./point.ts";
import { countTicks, minuteTicks } from "./ticks.ts";
import type { Trace, TraceDecision, TraceSample } from "./trace.ts";
import { clockOf, escapeHtml, numberText } from "./words.ts";

/** What the axes show; charts that are compared share it. */
export interface ChartDomain {
  readonly durationMs: number;
  readonly maxCount: number;
  /** For the valve's own strip: records in the hands of ventilators can be far more than requests in flight. */
  readonly maxValveCount: number;
}

/** Enough for every pixel column of a chart to have one. */
const POINTS_MAX = 400;
/** Headroom above the highest value, so that a line along it is seen. */
const HEADROOM = 1.06;

const WIDTH = 560;
const HEIGHT = 252;
const LEFT = 40;
const RIGHT = WIDTH - 34;
const TICKS_TOP = 4;
const TICK_LENGTH = 8;
const PLOT = { top: 18, bottom: 168 };
const PHASE_Y = 180;
const PHASE_WIDTH_MIN = 1.5;
const VALVE = { top: 192, bottom: 218 };
const LABELS_Y = 232;
const AXIS_TITLE_Y = 246;

/** The domain that holds all of these traces. */
export function domainOf(traces: readonly Trace[]): ChartDomain {
  const samples = traces.flatMap((trace) => trace.samples);
  return {
    durationMs: highest(
      traces.map(({ durationMs, samples }) => Math.max(durationMs, samples.at(-1)?.atMs ?? 0)),
    ),
    maxCount: highest([
      ...traces.map(({ maxConcurrency }) => maxConcurrency),
      highest(
        samples.map(({ limit, inFlightCount, capacityCount = 0 }) =>
          Math.max(limit, inFlightCount, capacityCount),
        ),
      ),
    ]),
    maxValveCount: highest(samples.map(valveCountOf)),
  };
}

/** One trace as SVG; it relies on the page's style. At most `tooltipsMax` decisions have a tooltip, all have a tick. */
export function chartSvg(trace: Trace, domain: ChartDomain, tooltipsMax: number): string {
  const label = escapeHtml(`${trace.title}. ${descriptionOf(trace)}`);
  const open = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">`;
  if (trace.samples.length === 0) {
    return `${open}<text class="none" x="${WIDTH / 2}" y="${HEIGHT / 2}">No samples</text></svg>`;
  }
  const axes = scalesOf(domain);
  return [
    open,
    gridLines(domain, axes),
    capacityArea(trace, axes),
    boundLine(trace, axes),
    line(
      "flight",
      linePath(
        pointsOf(trace, ({ inFlightCount }) => inFlightCount),
        axes.x,
        axes.y,
      ),
    ),
    line(
      "limit",
      stepPath(
        untilEnd(
          trace,
          pointsOf(trace, ({ limit }) => limit),
        ),
        axes.x,
        axes.y,
      ),
    ),
    phaseBand(trace, axes),
    valveStrip(trace, domain, axes),
    decisionTicks(trace.decisions, tooltipsMax, axes),
    "</svg>",
  ].join("");
}

interface Scales {
  x(atMs: number): number;
  y(count: number): number;
  valveY(count: number): number;
}

function scalesOf({ durationMs, maxCount, maxValveCount }: ChartDomain): Scales {
  return {
    x: scale(0, Math.max(1, durationMs), LEFT, RIGHT),
    y: scale(0, Math.max(1, maxCount) * HEADROOM, PLOT.bottom, PLOT.top),
    valveY: scale(0, Math.max(1, maxValveCount) * HEADROOM, VALVE.bottom, VALVE.top),
  };
}

function scale(fromMin: number, fromMax: number, toMin: number, toMax: number): (value: number) => number {
  const factor = (toMax - toMin) / (fromMax - fromMin);
  return (value) => toMin + (value - fromMin) * factor;
}

function gridLines({ durationMs, maxCount, maxValveCount }: ChartDomain, { x, y }: Scales): string {
  const counts = countTicks(maxCount, 4);
  const minutes = minuteTicks(durationMs / 60_000, 7);
  const across = counts.map((count) => `M${LEFT} ${short(y(count))}H${RIGHT}`);
  const down = minutes.map((minute) => `M${short(x(minute * 60_000))} ${PLOT.top}V${VALVE.bottom}`);
  return [
    line("grid", [...across, ...down, `M${LEFT} ${VALVE.bottom}H${RIGHT}`].join("")),
    ...counts.map((count) => text("y", LEFT - 6, y(count) + 3.5, numberText(count))),
    ...minutes.map((minute) => text("x", x(minute * 60_000), LABELS_Y, String(minute))),
    text("y", LEFT - 6, PHASE_Y + 3.5, "phase"),
    text("y", LEFT - 6, (VALVE.top + VALVE.bottom) / 2 + 3.5, "valve"),
    text("right", RIGHT + 4, VALVE.top + 6, numberText(maxValveCount)),
    text("x", (LEFT + RIGHT) / 2, AXIS_TITLE_Y, "minutes"),
  ].join("");
}

function capacityArea(trace: Trace, { x, y }: Scales): string {
  const known = trace.samples.filter(({ capacityCount }) => capacityCount !== undefined);
  const points = known.map(({ atMs, capacityCount = 0 }) => ({ atMs, value: capacityCount }));
  const [first] = points;
  if (first === undefined) return "";
  const drawn = untilEnd(trace, decimate(turnsOf(points), POINTS_MAX));
  const base = short(PLOT.bottom);
  return line("capacity", `${stepPath(drawn, x, y)}V${base}H${short(x(first.atMs))}Z`);
}

function boundLine({ maxConcurrency }: Trace, { y }: Scales): string {
  const atY = y(maxConcurrency);
  return line("bound", `M${LEFT} ${short(atY)}H${RIGHT}`) + text("right", RIGHT + 4, atY + 3.5, "X");
}

function phaseBand(trace: Trace, { x }: Scales): string {
  const paths: Record<Phase, string> = { closed: "", "half-open": "", open: "" };
  const turns = trace.samples.filter(({ phase }, index) => phase !== trace.samples[index - 1]?.phase);
  let drawnToX = LEFT;
  for (const [index, { phase, atMs }] of turns.entries()) {
    const fromX = Math.max(drawnToX, x(atMs));
    // A phase of a moment is still seen; what follows below it is not worth its bytes.
    const toX = Math.min(
      RIGHT,
      Math.max(x(turns[index + 1]?.atMs ?? trace.durationMs), fromX + PHASE_WIDTH_MIN),
    );
    if (toX <= drawnToX) continue;
    paths[phase] += `M${short(fromX)} ${PHASE_Y}H${short(toX)}`;
    drawnToX = toX;
  }
  return (["closed", "half-open", "open"] as const)
    .filter((phase) => paths[phase] !== "")
    .map((phase) => line(`phase ${phase}`, paths[phase]))
    .join("");
}

function valveStrip(trace: Trace, { maxValveCount }: ChartDomain, { x, valveY }: Scales): string {
  if (maxValveCount === 0) return "";
  return line("valve", stepPath(untilEnd(trace, pointsOf(trace, valveCountOf)), x, valveY));
}

function valveCountOf({ isValveEnabled, maximumConcurrency, batchSize }: TraceSample): number {
  return isValveEnabled ? maximumConcurrency * batchSize : 0;
}

function decisionTicks(decisions: readonly TraceDecision[], tooltipsMax: number, { x }: Scales): string {
  const positions = new Set(decisions.map(({ atMs }) => short(Math.round(x(atMs) * 2) / 2)));
  const ticks = [...positions].map((position) => `M${position} ${TICKS_TOP}v${TICK_LENGTH}`).join("");
  const tooltips = pickDecisions(decisions, tooltipsMax).map(({ atMs, summary }) => {
    const path = `M${short(x(atMs))} ${TICKS_TOP - 2}v${TICK_LENGTH + 4}`;
    return `<path class="tip" d="${path}"><title>${clockOf(atMs)} ${escapeHtml(summary)}</title></path>`;
  });
  return (ticks === "" ? "" : line("ticks", ticks)) + tooltips.join("");
}

function pointsOf(trace: Trace, measure: (sample: TraceSample) => number): readonly Point[] {
  const points = trace.samples.map((sample) => ({ atMs: sample.atMs, value: measure(sample) }));
  return decimate(turnsOf(points), POINTS_MAX);
}

/** Leaves out points between two of the same value: the line is the same without them. */
function turnsOf(points: readonly Point[]): readonly Point[] {
  return points.filter(
    ({ value }, index) => value !== points[index - 1]?.value || value !== points[index + 1]?.value,
  );
}

/** The last value holds to the end of the run. */
function untilEnd({ durationMs }: Trace, points: readonly Point[]): readonly Point[] {
  const last = points.at(-1);
  return last === undefined || last.atMs >= durationMs ? points : [...points, { ...last, atMs: durationMs }];
}

function linePath(points: readonly Point[], x: Scales["x"], y: Scales["y"]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const start = `M${short(x(first.atMs))} ${short(y(first.value))}`;
  // A lone point is a dot: the line's round cap draws it.
  if (rest.length === 0) return `${start}h0`;
  return start + rest.map(({ atMs, value }) => `L${short(x(atMs))} ${short(y(value))}`).join("");
}

function stepPath(points: readonly Point[], x: Scales["x"], y: Scales["y"]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const steps = rest.map(({ atMs, value }, index) => {
    const isLevel = value === points[index]?.value;
    return `H${short(x(atMs))}${isLevel ? "" : `V${short(y(value))}`}`;
  });
  return `M${short(x(first.atMs))} ${short(y(first.value))}${steps.join("") || "h0"}`;
}

function line(kind: string, path: string): string {
  return `<path class="${kind}" d="${path}"/>`;
}

function text(kind: string, x: number, y: number, content: string): string {
  return `<text class="${kind}" x="${short(x)}" y="${short(y)}">${escapeHtml(content)}</text>`;
}

/** A tenth of a pixel is finer than any screen. */
function short(value: number): string {
  return String(Number(value.toFixed(1)));
}

function descriptionOf({ samples, decisions, maxConcurrency }: Trace): string {
  if (samples.length === 0) return "No samples.";
  const mostInFlight = highest(samples.map(({ inFlightCount }) => inFlightCount));
  const limits = samples.map(({ limit }) => limit);
  const tripCount = samples.filter(
    ({ phase }, index) => phase === "open" && index > 0 && samples[index - 1]?.phase === "closed",
  ).length;
  return [
    `Most in flight ${mostInFlight} of ${maxConcurrency}`,
    `limit ${numberText(lowest(limits))} to ${numberText(highest(limits))}`,
    `${tripCount} trips`,
    `${decisions.length} decisions.`,
  ].join(", ");
}

/** A long trace has more samples than a call has arguments. */
function highest(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), 0);
}

function lowest(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
}
