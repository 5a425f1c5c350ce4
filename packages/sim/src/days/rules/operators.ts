import type { Phase } from "@sluice/core/law";
import type { TimedOrders } from "@sluice/core/operator";
import { parseProvider } from "@sluice/core/provider";
import type { DatedEvent } from "../day-event.ts";
import { hinderedSpans } from "./hindered.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** A gate is read anew every two seconds, and a start that it let through takes a moment to the provider. */
const NEWS_MS = 3_000;
/** Clocks of two hosts differ by at most this. */
const SKEW_MS = 2_000;
/** Time of a batch beside its call. */
const BATCH_MS = 15_000;

type LimitOrder = NonNullable<TimedOrders["pin"]>;

/**
 * Rule 12: a hold stops new starts within three seconds, until its end or until it is resumed; a pin is not exceeded once
 * the calls are over that began before it.
 */
export function operatorsRule({ story, startMs }: RuleContext): Rule {
  const hindering = hinderedSpans(story.faults, startMs);
  let timeoutMs = parseProvider(story.contract, "of the story").worker.timeoutMs;
  let [heldFromMs, heldUntilMs] = [Number.POSITIVE_INFINITY, 0];
  let holdId = "";
  let pin: LimitOrder | undefined;
  let pinnedFromMs = 0;
  let phase: Phase = "closed";
  let forcedUntilMs = 0;

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "deployed":
        timeoutMs = Math.max(timeoutMs, event.provider.worker.timeoutMs);
        return undefined;
      case "control":
        // The first calls after a trip, and after its end, began under another limit.
        if (event.control.phase !== phase)
          pinnedFromMs = Math.max(pinnedFromMs, event.atMs + timeoutMs + BATCH_MS);
        phase = event.control.phase;
        return undefined;
      case "orders":
        return note(event);
      case "started":
        return judge(event);
      default:
        return undefined;
    }
  }

  function note({ hold, pin: pinned, force, atMs }: Extract<DatedEvent, { kind: "orders" }>): undefined {
    heldUntilMs = (hold?.untilMs ?? 0) - SKEW_MS;
    if (hold !== undefined && hold.id !== holdId) {
      heldFromMs = newsFrom(Math.max(atMs, hold.fromMs + SKEW_MS), NEWS_MS);
    }
    holdId = hold?.id ?? "";
    if (pinned !== undefined && pinned.id !== pin?.id) {
      pinnedFromMs = newsFrom(atMs, NEWS_MS + timeoutMs + BATCH_MS);
    }
    pin = pinned;
    forcedUntilMs = force?.untilMs ?? 0;
  }

  function judge({ atMs, recordId, inFlightCount }: Extract<DatedEvent, { kind: "started" }>) {
    if (heldFromMs <= atMs && atMs < heldUntilMs) {
      return {
        what: `${recordId} was started ${Math.round((atMs - heldFromMs) / 1_000)} s into a hold`,
        recordId,
      };
    }
    const isPinned = pin !== undefined && pinnedFromMs <= atMs && atMs < pin.untilMs - SKEW_MS;
    const isFlowing = phase === "closed" || atMs < forcedUntilMs - SKEW_MS;
    if (!isPinned || !isFlowing || inFlightCount <= (pin?.limit ?? 0)) return undefined;
    return { what: `${inFlightCount} requests in flight at a limit pinned to ${pin?.limit}`, recordId };
  }

  /** The instant by which each process knows of an order, as far as faults that are in force then let it. */
  function newsFrom(atMs: number, withinMs: number): number {
    let fromMs = atMs + withinMs;
    for (const hindered of hindering) {
      if (hindered.fromMs <= fromMs && hindered.untilMs >= atMs)
        fromMs = Math.max(fromMs, hindered.untilMs + withinMs);
    }
    return fromMs;
  }

  return { name: "operators", see };
}
