/**
 * ElectroDB's model of what the breaker of a provider remembers: the law's state, and the notes on each valve. The
 * values are JSON text, because only their readers know their shape.
 */
export const BREAKER_MODEL = {
  model: { service: "sluice", entity: "breaker", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    /** `law`, or `valve/` and the name of the queue. */
    part: { type: "string", required: true },
    /** Counts the commits. */
    version: { type: "number", required: true },
    json: { type: "string", required: true },
  },
  indexes: {
    byPart: {
      pk: { field: "pk", composite: ["provider"], casing: "none" },
      sk: { field: "sk", composite: ["part"], casing: "none" },
    },
  },
} as const;
