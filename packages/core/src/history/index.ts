export { createHistorian } from "./historian.ts";
export { outcomeTotalsOf } from "./outcome-totals.ts";
export { OUTCOME_NAMES, type Point, pointsOf } from "./points.ts";
