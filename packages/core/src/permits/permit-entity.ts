/**
 * ElectroDB's model of a provider's breaker row, split over shards. Leases are a set of strings: its size is the
 * number of permits out, so that no counter can drift from it, and adding or deleting twice does nothing.
 */
export const BREAKER_MODEL = {
  model: { service: "sluice", entity: "breaker", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    shard: { type: "number", required: true },
    leases: { type: "set", items: "string" },
    phase: { type: ["closed", "open", "half-open"] },
    limit: { type: "number" },
    epoch: { type: "number" },
    heldUntilMs: { type: "number" },
    okCount: { type: "number" },
    slowCount: { type: "number" },
    faultCount: { type: "number" },
    throttledCount: { type: "number" },
    rejectedCount: { type: "number" },
    unavailableCount: { type: "number" },
  },
  indexes: {
    byShard: {
      pk: { field: "pk", composite: ["provider", "shard"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
} as const;
