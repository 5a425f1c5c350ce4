import type { Mutant } from "./mutant.ts";

const CORE = "packages/core/src";

/** Deliberate faults in what operators' orders come to. */
export const STEERING_MUTANTS: readonly Mutant[] = [
  {
    name: "an ordered hold is not asked for",
    file: `${CORE}/storage/permit-conditions.ts`,
    from: "` AND (${notExists(row.orderedUntilMs)} OR ${lte(row.orderedUntilMs, nowMs)}` +\n      ` OR ${gt(row.orderedFromMs, nowMs)})` +",
    to: "",
  },
  {
    name: "an ordered hold is copied once",
    file: `${CORE}/storage/permit-items.ts`,
    from: "`(${notExists(orderedVersion)} OR ${lt(orderedVersion, version)})`",
    to: "`(${notExists(orderedVersion)} OR ${lt(orderedVersion, 0 * version)})`",
  },
  {
    name: "an ordered hold is told to no shard",
    file: `${CORE}/breaker/heed-orders.ts`,
    from: "if (behind.length === 0) return shards;",
    to: "if (behind.length >= 0) return shards;",
  },
  {
    name: "a batch under way does not see an ordered hold",
    file: `${CORE}/permits/permit-pool.ts`,
    from: "gateFor(lease, shard, held, bounds, nowMs)",
    to: "gateFor(lease, { ...shard, orderedHold: undefined }, held, bounds, nowMs)",
  },
  {
    name: "an ordered hold shuts no valve, and sends messages round",
    file: `${CORE}/permits/holds.ts`,
    from: "orderedHold.untilMs > orderedHold.fromMs",
    to: "orderedHold.untilMs < orderedHold.fromMs",
  },
  {
    name: "what an operator holds back comes at the end that he had in mind",
    file: `${CORE}/ventilator/reopening.ts`,
    from: "const ORDERED_MAX_MS = 2 * 60_000;",
    to: "const ORDERED_MAX_MS = 2_000 * 60_000;",
  },
  {
    name: "a pin raises the limit",
    file: `${CORE}/orders/steered.ts`,
    from: "if (control.limit <= limit)",
    to: "if (control.limit >= limit)",
  },
  {
    name: "a pin waits for the law's next decision",
    file: `${CORE}/breaker/heed-orders.ts`,
    from: "if (other === undefined) return undefined;",
    to: "if (other !== null) return undefined;",
  },
];
