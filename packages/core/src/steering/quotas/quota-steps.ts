import { LAMBDA_TIMEOUT_MAX_MS } from "../../aws-bounds.ts";
import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { QuotaRequest, QuotaState } from "../../ports/quota-store.ts";

/** The item of a provider of which nothing was ever reserved. */
export const NOTHING_RESERVED: QuotaState = {
  freeFromMs: 0,
  intervalMs: 0,
  day: "",
  dayKind: "",
  usedCount: 0,
  earlierCount: 0,
  reservedAtMs: 0,
};

/**
 * The write that a reservation needs, by the item. Spacing: `busy` if it is ahead of the clock, `moved` if it is so by a
 * longer interval than the asker owes, else `idle`. Day: `same`, or `new` after an earlier one of its kind, or
 * `changed` if the item counts days of another kind. Undefined if it is to be refused.
 */
export interface QuotaStep {
  readonly spacing: "busy" | "moved" | "idle" | "none";
  readonly day: "same" | "new" | "changed" | "none";
}

/** An interval is another contract's if it is so much longer than any of the present one: a day's spread is never twice the same. */
const LONGER_FACTOR = 1.1;

/** The step for an item. */
export function quotaStepOf(state: QuotaState, request: QuotaRequest): QuotaStep | undefined {
  const spacing = spacingStepOf(state, request);
  const day = dayStepOf(state, request);
  return spacing === undefined || day === undefined ? undefined : { spacing, day };
}

function spacingStepOf(
  state: QuotaState,
  { nowMs, spacing }: QuotaRequest,
): QuotaStep["spacing"] | undefined {
  if (spacing === undefined) return "none";
  const freeFromMs = freeFromFor(state, spacing);
  if (freeFromMs > nowMs + spacing.aheadMaxMs) return undefined;
  if (freeFromMs !== state.freeFromMs) return "moved";
  return freeFromMs > nowMs ? "busy" : "idle";
}

function dayStepOf(state: QuotaState, { count, day }: QuotaRequest): QuotaStep["day"] | undefined {
  if (day === undefined) return "none";
  if (usedBefore(state, day) + count > day.usedAtMost) return undefined;
  if (isOtherKind(state, day)) return "changed";
  // A clock that is behind asks for a day that is over.
  if (state.day > day.name) return undefined;
  return state.day === day.name ? "same" : "new";
}

/** Intervals of an asker, as far as they matter to its place. */
type Intervals = Pick<NonNullable<QuotaRequest["spacing"]>, "intervalMs" | "longestMs">;

/**
 * The first free instant for an asker. It is the asker's own interval after the last reserved instant where the item has a
 * longer one: of a contract before the asker's, so that a quota that a deploy has raised is in force at once, or of the
 * other lane, whose spread over the day this one does not owe.
 */
export function freeFromFor(state: QuotaState, intervals: Intervals): number {
  const { intervalMs, longestMs } = intervals;
  const isOtherLanes = owesLess(intervals) && state.intervalMs > intervalMs;
  const isOfOtherContract = state.intervalMs > LONGER_FACTOR * longestMs;
  return isOtherLanes || isOfOtherContract
    ? toHundredths(lastReservedMs(state) + intervalMs)
    : state.freeFromMs;
}

/** True of the lane that does not owe what the other one does. */
function owesLess({ intervalMs, longestMs }: Intervals): boolean {
  return intervalMs < longestMs;
}

/** The last instant that is reserved. */
function lastReservedMs({ freeFromMs, intervalMs }: QuotaState): number {
  return freeFromMs - intervalMs;
}

/** A day, as far as it matters to what counts for it. */
type CountedDay = Pick<NonNullable<QuotaRequest["day"]>, "name" | "kind" | "startsAtMs">;

/** A start is made at most so long after its reservation: a batch is over by then. */
const MADE_WITHIN_MS = LAMBDA_TIMEOUT_MAX_MS + CLOCK_SKEW_MS;

/**
 * Starts that count for a day so far. After days of another kind all count that may have been made in it: those of the last
 * such day, and of the one before.
 */
export function usedBefore(state: QuotaState, day: CountedDay): number {
  if (!isOtherKind(state, day)) return state.day === day.name ? state.usedCount : 0;
  return isOver(state, day) ? 0 : state.usedCount + state.earlierCount;
}

/** True if all that was reserved was made before a day began. */
function isOver({ reservedAtMs }: QuotaState, { startsAtMs }: Pick<CountedDay, "startsAtMs">): boolean {
  return reservedAtMs + MADE_WITHIN_MS <= startsAtMs;
}

/** Starts of days of another kind that don't count for a day: a version that goes by that kind may ask again. */
function leftOf(before: QuotaState, day: CountedDay): number {
  return isOver(before, day) ? before.usedCount + before.earlierCount : 0;
}

function isOtherKind({ day, dayKind }: QuotaState, { kind }: Pick<CountedDay, "kind">): boolean {
  return day !== "" && dayKind !== kind;
}

/** The item after a step that was carried out on it. */
export function afterStep(before: QuotaState, request: QuotaRequest, step: QuotaStep): QuotaState {
  const { count, spacing, day } = request;
  const reserved = spacing === undefined ? before : { ...before, ...spacingAfter(before, request, step) };
  if (day === undefined) return reserved;
  const usedCount = usedBefore(before, day) + count;
  const counted = { ...reserved, usedCount, reservedAtMs: request.nowMs };
  if (step.day === "same") return counted;
  const earlierCount = step.day === "new" ? before.usedCount : leftOf(before, day);
  return { ...counted, day: day.name, dayKind: day.kind, earlierCount };
}

/** A lane that owes less than the other one takes instants in between, and leaves it what it had next. */
function spacingAfter(
  before: QuotaState,
  request: QuotaRequest,
  step: QuotaStep,
): Pick<QuotaState, "freeFromMs" | "intervalMs"> {
  const { intervalMs, longestMs } = request.spacing ?? { intervalMs: 0, longestMs: 0 };
  const ownFreeMs = toHundredths(firstOf(before, request, step) + reservedMs(request));
  const isInBetween = step.spacing === "moved" && owesLess({ intervalMs, longestMs });
  const freeFromMs = isInBetween ? Math.max(before.freeFromMs, ownFreeMs) : ownFreeMs;
  return { freeFromMs, intervalMs: toHundredths(freeFromMs - ownFreeMs + intervalMs) };
}

/** The first instant of a reservation. */
export function firstOf(before: QuotaState, { nowMs, spacing }: QuotaRequest, step: QuotaStep): number {
  switch (step.spacing) {
    case "busy":
      return before.freeFromMs;
    case "moved":
      return spacing === undefined ? nowMs : Math.max(nowMs, freeFromFor(before, spacing));
    default:
      return nowMs;
  }
}

/** The first instant of the reservation that was the last one. */
export function firstOfLast(after: QuotaState, request: QuotaRequest): number {
  const ownMs = request.spacing?.intervalMs ?? 0;
  return toHundredths(lastReservedMs(after) + ownMs - reservedMs(request));
}

/** The length of a reservation in time, in ms, to a hundredth, which intervals are whole multiples of. */
export function reservedMs({ count, spacing }: QuotaRequest): number {
  return toHundredths(count * (spacing?.intervalMs ?? 0));
}

function toHundredths(durationMs: number): number {
  return Math.round(durationMs * 100) / 100;
}
