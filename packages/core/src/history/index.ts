export { createHistorian, type Historian } from "./historian.ts";
export { outcomeTotalsOf } from "./outcome-totals.ts";
