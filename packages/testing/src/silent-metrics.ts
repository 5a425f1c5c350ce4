import type { Metrics } from "@sluice/core/ports";

/** Metrics that nobody charts. */
export const silentMetrics: Metrics = { batch() {}, gauges() {}, decision() {} };
