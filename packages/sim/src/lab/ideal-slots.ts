import { createHeap } from "../virtual-time/heap.ts";
import { createInstants } from "../world/instants.ts";
import type { IdealCall, IdealCalls } from "./ideal-calls.ts";
import type { IdealWork, RecordStart } from "./ideal-work.ts";

/** Slots of the ideal, one for each request that it may have in flight. */
export interface IdealSlots {
  /** Lets all happen that is due by an instant, which must not go back. */
  passTo(elapsedMs: number): void;
  /** Starts calls in all free slots; true if one stays free for lack of work. */
  fill(): boolean;
  /** The instant of the next event; plus infinity if none is to come. */
  nextEventAtMs(): number;
  startCount(): number;
  /** The instants at which records were served, ascending. */
  servedAtMs(): Float64Array;
}

/**
 * Batches as large as AWS allows, with the pause between two invocations: with calls of milliseconds, no law is
 * without it.
 */
export interface IdealBatches {
  readonly size: number;
  readonly overheadMs: number;
}

/** An event of the run: a call has ended, a retry is due, or a slot has paused for long enough. */
type IdealEvent =
  | { readonly atMs: number; readonly kind: "ended"; readonly call: IdealCall; readonly leftCount: number }
  | { readonly atMs: number; readonly kind: "due"; readonly retry: RecordStart }
  | { readonly atMs: number; readonly kind: "rested" };

/** Makes slots that are free. Without batches no slot pauses. */
export function createIdealSlots(
  calls: IdealCalls,
  work: IdealWork,
  batches: IdealBatches | undefined,
): IdealSlots {
  const events = createHeap<IdealEvent>((one, other) => one.atMs < other.atMs);
  const servedAtMs = createInstants();
  let nowMs = 0;
  let inFlightCount = 0;
  let restingCount = 0;
  let startCount = 0;

  const hasFreeSlot = () => inFlightCount + restingCount < calls.allowedCountAt(nowMs);

  function start(record: RecordStart, leftCount: number): void {
    inFlightCount += 1;
    startCount += 1;
    const call = calls.start(record, nowMs, inFlightCount);
    events.push({ atMs: call.endsAtMs, kind: "ended", call, leftCount });
  }

  function happen(event: IdealEvent): void {
    switch (event.kind) {
      case "ended":
        inFlightCount -= 1;
        settle(event.call);
        goOn(event.leftCount);
        return;
      case "due":
        work.retry(event.retry);
        return;
      case "rested":
        restingCount -= 1;
    }
  }

  function settle(call: IdealCall): void {
    if (call.status === 200) servedAtMs.add(nowMs);
    const retryAfterMs = calls.retryAfterMs(call);
    if (retryAfterMs === undefined) return;
    const retry = { index: call.index, attempt: call.attempt + 1 };
    events.push({ atMs: nowMs + retryAfterMs, kind: "due", retry });
  }

  /** Starts the next call of a slot's batch, of which so many are left; after the last one the slot pauses. */
  function goOn(leftCount: number): void {
    if (batches === undefined) return;
    const next = leftCount > 0 && hasFreeSlot() ? work.take() : undefined;
    if (next === undefined) {
      restingCount += 1;
      events.push({ atMs: nowMs + batches.overheadMs, kind: "rested" });
    } else start(next, leftCount - 1);
  }

  const nextEventAtMs = () => events.peek()?.atMs ?? Number.POSITIVE_INFINITY;

  return {
    passTo(elapsedMs) {
      nowMs = elapsedMs;
      while (nextEventAtMs() <= nowMs) happen(events.pop() as IdealEvent);
    },
    fill() {
      while (hasFreeSlot()) {
        const next = work.take();
        if (next === undefined) return true;
        start(next, (batches?.size ?? 1) - 1);
      }
      return false;
    },
    nextEventAtMs,
    startCount: () => startCount,
    servedAtMs: servedAtMs.all,
  };
}
