import { type Control, type Decision, PHASES } from "@sluice/core/law";
import type { BreakerEvent } from "@sluice/core/ports";
import * as z from "zod";

const controlSchema: z.ZodType<Control> = z.object({
  phase: z.enum(PHASES),
  limit: z.number(),
  epoch: z.number(),
});

const decisionSchema: z.ZodType<Decision> = z.object({
  rule: z.string(),
  inputs: z.record(z.string(), z.union([z.number(), z.string()])),
  before: controlSchema,
  after: controlSchema,
});

/** The decision that an event tells of; undefined if the event is of another kind. @throws ZodError */
export function decisionOf({ kind, details }: BreakerEvent): Decision | undefined {
  return kind === "decision" ? decisionSchema.parse(details) : undefined;
}

/** The decisions among events, in the order of their epochs: processes note them late, and clocks differ. */
export function decisionsIn(events: readonly BreakerEvent[]): Decision[] {
  return events
    .flatMap((event) => decisionOf(event) ?? [])
    .toSorted((one, other) => one.after.epoch - other.after.epoch);
}

/** True for a decision that opens a closed breaker; a failed probe, which opens a half-open one, is no trip. */
export function isTrip({ before, after }: Decision): boolean {
  return before.phase === "closed" && after.phase === "open";
}

/** True for a decision that lets probes begin; one that only opens the valve for them is none. */
export function isProbe({ before, after }: Decision): boolean {
  return before.phase !== "half-open" && after.phase === "half-open";
}

/**
 * The decisions that break the chain which they all must form: it begins at epoch 0, and each starts from the state
 * that the one before has left. Each is named by its rule and epochs.
 */
export function brokenLinks(decisions: readonly Decision[]): string[] {
  return decisions.flatMap(({ rule, before, after }, at) => {
    const previous = decisions[at - 1]?.after;
    const isNext = after.epoch === before.epoch + 1;
    const follows = previous === undefined ? before.epoch === 0 : isSame(previous, before);
    return isNext && follows ? [] : [`${rule} (epoch ${before.epoch} → ${after.epoch})`];
  });
}

function isSame(one: Control, other: Control): boolean {
  return one.phase === other.phase && one.limit === other.limit && one.epoch === other.epoch;
}
