export { createHistorian } from "./historian.ts";
export { outcomeTotalsOf } from "./outcome-totals.ts";
export { type Point, pointsOf } from "./points.ts";
