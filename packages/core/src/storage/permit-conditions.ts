import type { Entity } from "electrodb";
import type { TakeRequest } from "../ports/permit-items.ts";
import { type Lane, otherLane } from "../provider/lane.ts";
import { WISHES_OF } from "./permit-changes.ts";
import type { PERMIT_MODEL } from "./permit-entity.ts";

type Update = ReturnType<Entity<string, string, string, typeof PERMIT_MODEL>["update"]>;
type Where = Parameters<ReturnType<Update["add"]>["where"]>[0];

/** The condition that a shard is as the request takes it to be, and may lend. One clause: each costs its writer anew. */
export function lendsTo(request: TakeRequest): Where {
  const { ifPhase, ifLimit, ifUnpinnedLimit, ifSplit, ifAtMostOut, probeUntilMs, inLane, nowMs } = request;
  return (row, operations) => {
    const { notExists, eq, lt, lte, gt, size, escape: literal } = operations;
    return (
      `(${notExists(row.leases)} OR ${size(row.leases)} <= ${literal(ifAtMostOut)})` +
      ` AND (${eq(row.phase, ifPhase)}${ifPhase === "closed" ? ` OR ${notExists(row.phase)}` : ""})` +
      ` AND (${notExists(row.limit)} OR ${eq(row.limit, ifLimit)})` +
      (ifUnpinnedLimit === undefined ? "" : ` AND ${eq(row.unpinnedLimit, ifUnpinnedLimit)}`) +
      ` AND ${eq(row.split, ifSplit)}` +
      ` AND (${notExists(row.heldUntilMs)} OR ${lte(row.heldUntilMs, nowMs)})` +
      ` AND (${notExists(row.orderedUntilMs)} OR ${lte(row.orderedUntilMs, nowMs)}` +
      ` OR ${gt(row.orderedFromMs, nowMs)})` +
      ` AND (${notExists(row.forcedUntilMs)} OR ${gt(row.forcedUntilMs, nowMs)})` +
      (probeUntilMs === undefined
        ? ""
        : ` AND (${notExists(row.probeUntilMs)} OR ${lt(row.probeUntilMs, nowMs)})`) +
      (inLane === undefined
        ? ""
        : ` AND ${hasAtMost(WISHES_OF[otherLane(inLane.lane)], inLane.ifAtMostWishes)(row, operations)}`)
    );
  };
}

/** The condition that a shard has at most so many wishes of one kind. */
export function hasAtMost(wishes: (typeof WISHES_OF)[Lane], count: number): Where {
  return (row, { notExists, size, escape: literal }) =>
    `(${notExists(row[wishes])} OR ${size(row[wishes])} <= ${literal(count)})`;
}

/** The condition that a shard is in an epoch; one without a decision is in epoch 0. */
export function isInEpoch(wanted: number): Where {
  return ({ epoch }, { eq, notExists }) =>
    `(${eq(epoch, wanted)}${wanted === 0 ? ` OR ${notExists(epoch)}` : ""})`;
}
