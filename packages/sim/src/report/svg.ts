import type { Point } from "./decimate.ts";
import { escapeHtml } from "./words.ts";

/** A coordinate of a value, in pixels. */
export type Scale = (value: number) => number;

/** A path; `kind` is its class in the page's style. */
export function pathElement(kind: string, path: string): string {
  return `<path class="${kind}" d="${path}"/>`;
}

/** A text that stands at a point; `kind` is its class in the page's style. */
export function textElement(kind: string, x: number, y: number, content: string): string {
  return `<text class="${kind}" x="${pixels(x)}" y="${pixels(y)}">${escapeHtml(content)}</text>`;
}

/** Straight lines from point to point. */
export function linePath(points: readonly Point[], x: Scale, y: Scale): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const start = `M${pixels(x(first.atMs))} ${pixels(y(first.value))}`;
  // A lone point is a dot: the line's round cap draws it.
  if (rest.length === 0) return `${start}h0`;
  return start + rest.map(({ atMs, value }) => `L${pixels(x(atMs))} ${pixels(y(value))}`).join("");
}

/** A line that stays level from each point to the next. */
export function stepPath(points: readonly Point[], x: Scale, y: Scale): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const steps = rest.map(({ atMs, value }, index) => {
    const isLevel = value === points[index]?.value;
    return `H${pixels(x(atMs))}${isLevel ? "" : `V${pixels(y(value))}`}`;
  });
  return `M${pixels(x(first.atMs))} ${pixels(y(first.value))}${steps.join("") || "h0"}`;
}

/** A coordinate as text, to a tenth of a pixel: finer than any screen. */
export function pixels(value: number): string {
  return String(Number(value.toFixed(1)));
}
