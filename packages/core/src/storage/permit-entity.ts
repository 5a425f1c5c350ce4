/**
 * ElectroDB's model of a provider's permits, split over shards, with the evidence that their holders report. Leases
 * are a set of strings: its size is the number of permits out, so that no counter can drift from it, and adding or
 * deleting twice does nothing.
 */
export const PERMIT_MODEL = {
  model: { service: "sluice", entity: "permit", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    shard: { type: "number", required: true },
    leases: { type: "set", items: "string" },
    phase: { type: ["closed", "open", "half-open"] },
    limit: { type: "number" },
    epoch: { type: "number" },
    heldUntilMs: { type: "number" },
    lastOkAtMs: { type: "number" },
    okCount: { type: "number" },
    repeatOkCount: { type: "number" },
    slowCount: { type: "number" },
    faultCount: { type: "number" },
    repeatFaultCount: { type: "number" },
    timeoutCount: { type: "number" },
    throttledCount: { type: "number" },
    rejectedCount: { type: "number" },
    unavailableCount: { type: "number" },
    latencySumMs: { type: "number" },
    lnLatencySum: { type: "number" },
    lnLatencySquareSum: { type: "number" },
  },
  indexes: {
    byShard: {
      pk: { field: "pk", composite: ["provider", "shard"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
} as const;
