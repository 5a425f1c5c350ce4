export { createHistorian } from "./historian.ts";
export { outcomeTotalsOf } from "./outcome-totals.ts";
