import type { Metrics } from "@sluice/core/ports";

/** {@link Metrics} that publish nothing. */
export const silentMetrics: Metrics = { batch() {}, gauges() {}, decision() {} };
