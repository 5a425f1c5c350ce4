import type { Control } from "../law/control.ts";
import type { LaneTake } from "../ports/permit-items.ts";
import type { DrainingSplit, LendingSplit } from "../ports/split.ts";
import type { ByLane } from "../provider/lane.ts";

/** The set with the wishes of each lane. */
export const WISHES_OF: ByLane<"bulkWishes" | "expressWishes"> = {
  records: "bulkWishes",
  express: "expressWishes",
};

/** Leases or wishes, as they are stored. */
export function textsOf(texts: readonly { readonly text: string }[]): string[] {
  return texts.map(({ text }) => text);
}

/** The attributes of a shard that a take changes for its lane. */
export function laneChange(inLane: LaneTake | undefined): {
  readonly set: { readonly expressStreak?: number };
  readonly remove: readonly "expressStreak"[];
  readonly delete: Readonly<Record<string, string[]>>;
} {
  if (inLane === undefined) return { set: {}, remove: [], delete: {} };
  const { lane, fulfils, expressStreak } = inLane;
  return {
    set: lane === "express" && expressStreak !== undefined ? { expressStreak } : {},
    remove: lane === "records" ? ["expressStreak"] : [],
    delete: fulfils.length === 0 ? {} : { [WISHES_OF[lane]]: textsOf(fulfils) },
  };
}

/** The attributes that a control may have beside its limit. */
export const CONTROL_OPTIONS = [
  "probeAtMs",
  "closedAtMs",
  "wellAtMs",
  "pinnedUntilMs",
  "unpinnedLimit",
  "forcedUntilMs",
] as const;
/** The attributes of a shard's copy of the hold that operators order. */
export const ORDERED_HOLD_ATTRIBUTES = ["orderedVersion", "orderedFromMs", "orderedUntilMs"] as const;

type ControlOption = (typeof CONTROL_OPTIONS)[number];

/** The attributes of a shard that a new control sets, and those that it removes because it has none. */
export function controlChange({ phase, limit, epoch, ...options }: Control): {
  readonly set: Pick<Control, "phase" | "limit" | "epoch" | ControlOption>;
  readonly remove: readonly ControlOption[];
} {
  const defined = CONTROL_OPTIONS.filter((name) => options[name] !== undefined);
  const set = Object.fromEntries(defined.map((name) => [name, options[name]]));
  return {
    set: { phase, limit, epoch, ...set },
    remove: CONTROL_OPTIONS.filter((name) => !defined.includes(name)),
  };
}

/** The attributes of a shard that a new split sets, and those that it removes. */
export function splitChange(split: LendingSplit | DrainingSplit): {
  readonly set: Readonly<Record<string, number>>;
  readonly remove: readonly ("splitFromCount" | "splitToCount")[];
} {
  const { version: splitVersion, sinceMs: splitSinceMs } = split;
  if (split.kind === "lending") {
    return {
      set: { splitVersion, splitSinceMs, split: split.count },
      remove: ["splitFromCount", "splitToCount"],
    };
  }
  const { fromCount: splitFromCount, toCount: splitToCount } = split;
  return { set: { splitVersion, splitSinceMs, split: 0, splitFromCount, splitToCount }, remove: [] };
}
