import type { Point } from "@sluice/core/history";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { EventPlace } from "./event-pages.ts";
import "uplot/dist/uPlot.min.css";

/** One line of a chart. */
export interface Line {
  readonly label: string;
  /** Name of the style's colour. */
  readonly color: string;
  readonly read: (point: Point) => number | undefined;
}

const HEIGHT = 170;
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
    axes: [axis, { ...axis, size: 48 }],
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.05)] } },
    series: [
      { value: (_plot, at) => (at === null ? "" : new Date(at * 1_000).toLocaleTimeString()) },
      ...lines.map(({ label, color }) => ({
        label,
        stroke: colorOf(element, color),
        width: 1.5,
        points: { show: false },
        value: (_plot: uPlot, value: number | null) => (value === null ? "–" : value.toFixed(1)),
      })),
    ],
    hooks: { drawClear: [(plot) => drawBehind(plot, element, points, marks)] },
  };
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
  for (const { atMs } of marks) ctx.fillRect(xOf(atMs) - 1, bbox.top, 2, 8);
  ctx.restore();
}
