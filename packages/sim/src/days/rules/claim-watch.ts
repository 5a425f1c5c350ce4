import { parseProvider, providerDay } from "@sluice/core/provider";
import type { DatedEvent } from "../day-event.ts";
import type { Breach, RuleContext } from "./rule.ts";

/** Watches that records are claimed for the provider day that it is, and called only while a claim holds. */
export interface ClaimWatch {
  see(event: DatedEvent): Breach | undefined;
}

/** A request to the table may be on its way for so long. */
const CLAIM_LATE_MS = 3 * 60_000;
/** A request that is given up is over at the provider within this time. */
const OVERTIME_MS = 1_000;

/** Watches the claims of a day. */
export function createClaimWatch({ story }: RuleContext): ClaimWatch {
  const { timeZone } = parseProvider(story.contract, "of the story");
  // A frozen worker can't end its call.
  const mayFreeze = story.faults.some(({ kind }) => kind === "freeze");
  const leaseUntilMs = new Map<string, number>();

  function see(event: DatedEvent): Breach | undefined {
    switch (event.kind) {
      case "claimed":
        leaseUntilMs.set(event.attemptId, event.leaseUntilMs);
        return dayBreach(event);
      case "started":
      case "ended":
        return overtime(event);
      default:
        return undefined;
    }
  }

  /** A claim may be carried out minutes after it was made, and clocks differ. */
  function dayBreach({ day, recordId, atMs }: Extract<DatedEvent, { readonly kind: "claimed" }>) {
    const days = [atMs - CLAIM_LATE_MS, atMs + story.skewMs].map((ms) => providerDay(timeZone, ms));
    if (days.includes(day)) return undefined;
    return { what: `${recordId} was claimed for ${day} on ${providerDay(timeZone, atMs)}`, recordId };
  }

  function overtime({
    recordId,
    attemptId,
    atMs,
  }: Extract<DatedEvent, { readonly kind: "started" | "ended" }>) {
    const untilMs = leaseUntilMs.get(attemptId) ?? Number.POSITIVE_INFINITY;
    if (mayFreeze || atMs <= untilMs + OVERTIME_MS) return undefined;
    const overSeconds = Math.round((atMs - untilMs) / 1_000);
    return { what: `${recordId} was called ${overSeconds} s after its claim had run out`, recordId };
  }

  return { see };
}
