import type { Point } from "@sluice/core/history";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { EventPlace } from "./event-pages.ts";
import { dayAndTime, instantText } from "./text.ts";
import "uplot/dist/uPlot.min.css";

/** One line of a chart. */
export interface Line {
  readonly label: string;
  /** Name of the style's colour. */
  readonly color: string;
  readonly read: (point: Point) => number | undefined;
}

const HEIGHT = 165;
/** Height of the strip above the lines that has the marks, in px. */
const MARKS_HEIGHT = 10;
const MINUTE_SECONDS = 60;
const DAY_SECONDS = 24 * 60 * 60;
/** Distances of times that an axis may show, in seconds: none is shorter than what its texts tell apart. */
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE_SECONDS),
  ...[1, 2, 7].map((days) => days * DAY_SECONDS),
];
/** Distance from a mark in which a click is meant for it, in px. */
const NEAR_PX = 8;

const NO_MARKS: readonly EventPlace[] = [];

/** Lines over time, with the times in which the breaker was not closed behind them, and a mark for each decision. */
export function Chart({
  title,
  points,
  lines,
  marks = NO_MARKS,
  onMark,
}: {
  title: string;
  points: readonly Point[];
  lines: readonly Line[];
  marks?: readonly EventPlace[];
  /** Called with the mark that is clicked. */
  onMark?: (mark: EventPlace) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null || points.length < 2) return undefined;
    const plot = new uPlot(optionsOf(element, lines, points, marks), dataOf(points, lines), element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    plot.over.addEventListener("click", ({ offsetX }) => {
      const distanceTo = ({ atMs }: EventPlace) => Math.abs(plot.valToPos(atMs / 1_000, "x") - offsetX);
      const [nearest] = marks.toSorted((one, other) => distanceTo(one) - distanceTo(other));
      if (nearest !== undefined && distanceTo(nearest) <= NEAR_PX) onMark?.({ ...nearest });
    });
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [points, lines, marks]);
  const last = points.at(-1);
  const summary = lines.map(({ label, read }) => `${label} ${Math.round(last ? (read(last) ?? 0) : 0)}`);
  if (points.length < 2) return null;
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div ref={place} role="img" aria-label={`${title}; now ${summary.join(", ")}`} />
    </figure>
  );
}

function colorOf(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(`--${name}`).trim();
}

function dataOf(points: readonly Point[], lines: readonly Line[]): uPlot.AlignedData {
  const times = points.map(({ atMs }) => atMs / 1_000);
  return [times, ...lines.map(({ read }) => points.map((point) => read(point) ?? null))];
}

function optionsOf(
  element: HTMLElement,
  lines: readonly Line[],
  points: readonly Point[],
  marks: readonly EventPlace[],
): uPlot.Options {
  const axis = { stroke: colorOf(element, "quiet"), grid: { stroke: colorOf(element, "line"), width: 1 } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [MARKS_HEIGHT + 2, null, null, null],
    axes: [
      { ...axis, size: 30, incrs: TIME_STEPS, values: (_plot, splits) => timeTexts(splits) },
      { ...axis, size: 48 },
    ],
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.05)] } },
    series: [
      { label: "at", value: (plot, at) => instantText(1_000 * (at ?? plot.data[0].at(-1) ?? 0)) },
      ...lines.map(({ label, color }) => ({
        label,
        stroke: colorOf(element, color),
        width: 1.5,
        points: { show: false },
        value: valueText,
      })),
    ],
    hooks: { drawClear: [(plot) => drawBehind(plot, element, points, marks)] },
  };
}

/** The value under the pointer, or, without one, the last. */
function valueText(plot: uPlot, value: number | null, series: number): string {
  const shown = value ?? plot.data[series]?.at(-1);
  return shown === null || shown === undefined ? "–" : String(Math.round(10 * shown) / 10);
}

/** Times of an axis: days where they are further apart than that, hours and minutes else, with each new day once. */
function timeTexts(splits: readonly number[]): string[] {
  const isDaily = (splits[1] ?? 0) - (splits[0] ?? 0) >= DAY_SECONDS;
  let last = "";
  return splits.map((split) => {
    const { day, time } = dayAndTime(split * 1_000);
    const isNewDay = day !== last && last !== "";
    last = day;
    return isDaily || isNewDay ? day : time;
  });
}

/** Bands of the phases, and marks of decisions. */
function drawBehind(
  plot: uPlot,
  element: HTMLElement,
  points: readonly Point[],
  marks: readonly EventPlace[],
): void {
  const { ctx, bbox } = plot;
  const xOf = (atMs: number) => plot.valToPos(atMs / 1_000, "x", true);
  ctx.save();
  for (const [index, { phase, atMs }] of points.entries()) {
    if (phase === "closed") continue;
    ctx.fillStyle = colorOf(element, phase === "open" ? "band-open" : "band-probing");
    const fromX = xOf(points[index - 1]?.atMs ?? atMs);
    ctx.fillRect(fromX, bbox.top, Math.max(2, xOf(atMs) - fromX), bbox.height);
  }
  ctx.fillStyle = colorOf(element, "accent");
  const height = MARKS_HEIGHT * devicePixelRatio;
  for (const { atMs } of marks) {
    const x = xOf(atMs);
    if (x >= bbox.left) ctx.fillRect(x - 1, bbox.top - height, 2, height);
  }
  ctx.restore();
}
