import type { ChartDomain } from "./chart-domain.ts";
import type { Scale } from "./svg.ts";

/** The places of a chart's parts, in pixels. */
export const LAYOUT = {
  width: 560,
  height: 252,
  left: 40,
  right: 526,
  ticksTop: 4,
  tickLength: 8,
  plot: { top: 18, bottom: 168 },
  phaseY: 180,
  valve: { top: 192, bottom: 218 },
  labelsY: 232,
  axisTitleY: 246,
} as const;

/** Headroom above the highest value, so that a line along it is seen. */
export const HEADROOM = 1.06;

/** The scales of a chart's axes. */
export interface ChartScales {
  /** Of time, in ms from the start of the run. */
  readonly x: Scale;
  /** Of counts of requests. */
  readonly y: Scale;
  /** Of the valve's strip. */
  readonly valveY: Scale;
}

/** Fits a domain into the layout. */
export function scalesOf({ durationMs, maxCount, maxValveCount }: ChartDomain): ChartScales {
  const { left, right, plot, valve } = LAYOUT;
  return {
    x: scaleTo(Math.max(1, durationMs), left, right),
    y: scaleTo(Math.max(1, maxCount) * HEADROOM, plot.bottom, plot.top),
    valveY: scaleTo(Math.max(1, maxValveCount) * HEADROOM, valve.bottom, valve.top),
  };
}

function scaleTo(max: number, atZero: number, atMax: number): Scale {
  const factor = (atMax - atZero) / max;
  return (value) => atZero + value * factor;
}
