/** ElectroDB's model of a run. A run and all that belongs to it are one partition. */
export const RUN_MODEL = {
  model: { service: "sluice", entity: "run", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    runKey: { type: "string", required: true },
    runId: { type: "string", required: true },
    correlationId: { type: "string", required: true },
    lane: { type: ["records", "express"], required: true },
    createdAtMs: { type: "number", required: true },
    deadlineMs: { type: "number" },
    plannedCount: { type: "number", required: true },
    digest: { type: "string", required: true },
    isSealed: { type: "boolean", required: true },
    sentCount: { type: "number", required: true },
    cancelledAtMs: { type: "number" },
    lateToldAtMs: { type: "number" },
    completedAtMs: { type: "number" },
    isAnnounced: { type: "boolean" },
    counts: {
      type: "map",
      properties: {
        fetched: { type: "number", required: true },
        fetchedBefore: { type: "number", required: true },
        dead: { type: "number", required: true },
        expired: { type: "number", required: true },
        cancelled: { type: "number", required: true },
      },
    },
    expiresAtSeconds: { type: "number" },
  },
  indexes: {
    byRun: {
      pk: { field: "pk", composite: ["provider", "runKey"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
} as const;

/** ElectroDB's model of a part of a run's ledger. */
export const RUN_PART_MODEL = {
  model: { service: "sluice", entity: "runpart", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    runKey: { type: "string", required: true },
    level: { type: "number", required: true },
    index: { type: "number", required: true },
    fetched: { type: "set", items: "number" },
    fetchedBefore: { type: "set", items: "number" },
    dead: { type: "set", items: "number" },
    expired: { type: "set", items: "number" },
    cancelled: { type: "set", items: "number" },
    full: { type: "set", items: "number" },
    firstAtMs: { type: "number", required: true },
    lastAtMs: { type: "number", required: true },
    expiresAtSeconds: { type: "number" },
  },
  indexes: {
    byRun: {
      pk: { field: "pk", composite: ["provider", "runKey"], casing: "none" },
      sk: { field: "sk", composite: ["level", "index"], casing: "none" },
    },
  },
} as const;

/** ElectroDB's model of a record that a run has lost. */
export const LOST_RECORD_MODEL = {
  model: { service: "sluice", entity: "lost", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    runKey: { type: "string", required: true },
    // Keys sort as text.
    number: { type: "number", required: true, padding: { length: 9, char: "0" } },
    end: { type: ["dead", "expired"], required: true },
    recordId: { type: "string", required: true },
    cause: { type: "string", required: true },
    atMs: { type: "number", required: true },
    expiresAtSeconds: { type: "number" },
  },
  indexes: {
    byRun: {
      pk: { field: "pk", composite: ["provider", "runKey"], casing: "none" },
      sk: { field: "sk", composite: ["number"], casing: "none" },
    },
  },
} as const;

/** ElectroDB's model of the runs that the waker looks after: one item a provider. */
export const WATCHED_RUNS_MODEL = {
  model: { service: "sluice", entity: "watched", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    list: { type: ["watched"], required: true },
    runIds: { type: "set", items: "string" },
  },
  indexes: {
    byList: {
      pk: { field: "pk", composite: ["provider", "list"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
} as const;
