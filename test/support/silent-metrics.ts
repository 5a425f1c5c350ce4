import type { Metrics } from "@sluice/core/ports/metrics";

/** Metrics that nobody charts. */
export const silentMetrics: Metrics = { batch() {}, gauges() {}, decision() {} };
