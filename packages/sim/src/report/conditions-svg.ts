import type { ChartDomain } from "./chart-domain.ts";
import { HEADROOM, LAYOUT, scalesOf } from "./chart-layout.ts";
import { thinnedOut, untilEnd } from "./chart-points.ts";
import type { Point } from "./decimate.ts";
import { highest } from "./extremes.ts";
import { linePath, pathElement, pixels, type Scale, stepPath, textElement } from "./svg.ts";
import { minuteTicks } from "./ticks.ts";
import type { Trace, TraceSample, WeatherSpan } from "./trace.ts";
import { clockOf, escapeHtml, numberText } from "./words.ts";

/** The places of the parts, in pixels; left and right are the chart's, so that instants stand below each other. */
const PLACES = {
  height: 112,
  weather: { top: 4, bottom: 20 },
  latency: { top: 28, bottom: 56 },
  faults: { top: 66, bottom: 90 },
  labelsY: 106,
} as const;

/** Pixels of a small letter: a name that does not fit is left to the tooltip. */
const LETTER_WIDTH = 4.6;

/** True if a trace knows what the provider was like, and not only what Sluice did. */
export function hasConditions({ weather, samples }: Trace): boolean {
  return weather !== undefined || samples.some(({ faultsPerSecond }) => faultsPerSecond !== undefined);
}

/** The provider's side of a run as SVG, for below its chart: weather, latency and faults over the same time. */
export function conditionsSvg(trace: Trace, domain: ChartDomain): string {
  if (!hasConditions(trace)) return "";
  const { x } = scalesOf(domain);
  const label = escapeHtml(`The provider of ${trace.title}: ${weatherText(trace.weather ?? [])}.`);
  return [
    `<svg viewBox="0 0 ${LAYOUT.width} ${PLACES.height}" role="img" aria-label="${label}">`,
    gridLines(domain, x),
    ...(trace.weather ?? []).map((span) => weatherBand(span, x)),
    latencyLine(trace, x),
    faultsArea(trace, x),
    "</svg>",
  ].join("");
}

function weatherText(weather: readonly WeatherSpan[]): string {
  if (weather.length === 0) return "its latency and faults";
  return weather.map(({ name, fromMs }) => `${name} from ${clockOf(fromMs)}`).join(", ");
}

function gridLines({ durationMs }: ChartDomain, x: Scale): string {
  const { left, right } = LAYOUT;
  const { weather, latency, faults, labelsY } = PLACES;
  const minutes = minuteTicks(durationMs / 60_000, 7);
  const down = minutes.map((minute) => `M${pixels(x(minute * 60_000))} ${weather.top}V${faults.bottom}`);
  const across = [latency.bottom, faults.bottom].map((atY) => `M${left} ${atY}H${right}`);
  return [
    pathElement("grid", [...down, ...across].join("")),
    ...minutes.map((minute) => textElement("x", x(minute * 60_000), labelsY, String(minute))),
  ].join("");
}

function weatherBand({ name, isFair, fromMs, untilMs }: WeatherSpan, x: Scale): string {
  const { top, bottom } = PLACES.weather;
  const [fromX, untilX] = [x(fromMs), x(untilMs)];
  const path = `M${pixels(fromX)} ${top}H${pixels(untilX)}V${bottom}H${pixels(fromX)}Z`;
  const title = escapeHtml(`${clockOf(fromMs)} to ${clockOf(untilMs)} ${name}`);
  const band = `<path class="weather ${isFair ? "fair" : "foul"}" d="${path}"><title>${title}</title></path>`;
  const isRoomy = untilX - fromX >= name.length * LETTER_WIDTH;
  return band + (isRoomy ? textElement("x small", (fromX + untilX) / 2, bottom - 5, name) : "");
}

function latencyLine(trace: Trace, x: Scale): string {
  const stretches = stretchesOf(trace.samples, ({ latencyMs }) => latencyMs);
  const maxMs = highest(stretches.flat().map(({ value }) => value));
  const y = scaleOf(maxMs, PLACES.latency);
  const lines = stretches.map((points) => linePath(thinnedOut(points), x, y));
  return labelled("latency", `${numberText(maxMs / 1_000)} s`, PLACES.latency, lines.join(""));
}

function faultsArea(trace: Trace, x: Scale): string {
  const stretches = stretchesOf(trace.samples, ({ faultsPerSecond }) => faultsPerSecond);
  const maxCount = highest(stretches.flat().map(({ value }) => value));
  const y = scaleOf(maxCount, PLACES.faults);
  const base = PLACES.faults.bottom;
  const areas = stretches.map((points) => {
    const drawn = untilEnd(trace, thinnedOut(points));
    return `${stepPath(drawn, x, y)}V${base}H${pixels(x(points[0]?.atMs ?? 0))}Z`;
  });
  return labelled("faults", `${numberText(maxCount)}/s`, PLACES.faults, areas.join(""));
}

/** A measure with its name on the left and its highest value on the right. */
function labelled(
  name: string,
  most: string,
  { top, bottom }: { readonly top: number; readonly bottom: number },
  path: string,
): string {
  return [
    textElement("y small", LAYOUT.left - 4, (top + bottom) / 2 + 3, name),
    textElement("right small", LAYOUT.right + 4, top + 6, most),
    path === "" ? "" : pathElement(name, path),
  ].join("");
}

/** A measure in stretches of samples that have it: while nothing was answered there is no latency. */
function stretchesOf(
  samples: readonly TraceSample[],
  measure: (sample: TraceSample) => number | undefined,
): readonly (readonly Point[])[] {
  const stretches: Point[][] = [];
  let isOpen = false;
  for (const sample of samples) {
    const value = measure(sample);
    if (value === undefined) {
      isOpen = false;
      continue;
    }
    if (!isOpen) stretches.push([]);
    isOpen = true;
    stretches.at(-1)?.push({ atMs: sample.atMs, value });
  }
  return stretches;
}

function scaleOf(max: number, { top, bottom }: { readonly top: number; readonly bottom: number }): Scale {
  const factor = (bottom - top) / (Math.max(max, Number.MIN_VALUE) * HEADROOM);
  return (value) => bottom - (max === 0 ? 0 : value * factor);
}
