import type { Phase } from "@sluice/core/law";
import { parseProvider, providerDay } from "@sluice/core/provider";
import type { DatedEvent } from "../day-event.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** Rejections that a record dies of, whatever others meet. */
const FATAL_COUNT = 5;
/** Rejections that it dies of at the least. */
const FATAL_MIN = 2;
/** Rejections in a row that each shard of the permits takes for the records' own, and each of X batches beside. */
const BELIEVED_IN_A_ROW = 10;
/** A success of the last minutes before midnight may be told after it. */
const TOLD_WITHIN_MS = 5 * 60_000;
/**
 * Rejections in a row by which it is plain that all is rejected, without those of records that were rejected while others
 * were fetched; and the time in which that is seen.
 */
const PLAIN_COUNT = 80;
const SEEN_WITHIN_MS = 60_000;
/** A success is told with the next report, and looks as late then. */
const REPORTED_WITHIN_MS = 10_000;

/**
 * A wrong address kills few: a record that the provider knows dies of a rejection only if it is its fifth of the day, or
 * not its first and among the first in a row after a success of that day, or if its dead letter was put back. And where
 * nothing else is wrong, what is plain is seen: the breaker opens.
 */
export function rejectionsRule({ story, isUnknown }: RuleContext): Rule {
  const { timeZone } = parseProvider(story.contract, "of the story");
  const isAlone = story.faults.every(({ kind }) => kind === "wrong-address");
  const claimedFor = new Map<string, string>();
  const rejections = new Map<string, number>();
  const repeats = createRepeats();
  const last = new Map<string, { readonly day: string; readonly status: unknown }>();
  let mostAtOnce = story.contract.maxConcurrency;
  const okDays = new Set<string>();
  const putBack = new Set<string>();
  const row = createRow();
  let phase: Phase = "closed";

  function see(event: DatedEvent) {
    switch (event.kind) {
      case "control":
        phase = event.control.phase;
        if (phase !== "closed") row.clear();
        return undefined;
      case "deployed":
        mostAtOnce = Math.max(mostAtOnce, event.provider.maxConcurrency);
        return undefined;
      case "claimed":
        claimedFor.set(event.attemptId, event.day);
        return undefined;
      case "ended":
        return ended(event);
      case "redriven":
        putBack.add(event.recordId);
        return undefined;
      case "letter":
        return letter(event);
      case "unsettled":
        return unsettled(event.left, phase, row.sinceFetched().tellingCount);
      default:
        return undefined;
    }
  }

  function ended({ recordId, attemptId, status, atMs }: Extract<DatedEvent, { readonly kind: "ended" }>) {
    const day = claimedFor.get(attemptId) ?? "";
    last.set(recordId, { day, status });
    if (status === 404) {
      const key = JSON.stringify([day, recordId]);
      rejections.set(key, (rejections.get(key) ?? 0) + 1);
      row.noteRejected();
      if (repeats.isRepeated(key, atMs)) return undefined;
      const unseenCount = row.add(atMs);
      if (!isAlone || phase !== "closed" || unseenCount === undefined) return undefined;
      return { what: `${unseenCount} calls in a row were rejected, and the breaker is closed` };
    }
    row.clear();
    if (status !== 200) return undefined;
    row.noteFetched();
    repeats.noteFetched(atMs);
    for (const ms of [0, TOLD_WITHIN_MS]) okDays.add(providerDay(timeZone, atMs + ms));
    return undefined;
  }

  function letter({ recordId, cause }: Extract<DatedEvent, { readonly kind: "letter" }>) {
    const { day, status } = last.get(recordId) ?? {};
    if (day === undefined || status !== 404 || cause === undefined) return undefined;
    if (isUnknown(recordId) || putBack.has(recordId)) return undefined;
    const count = rejections.get(JSON.stringify([day, recordId])) ?? 0;
    if (count >= FATAL_COUNT) return undefined;
    if (count < FATAL_MIN) return { what: `${recordId} died of its first rejection`, recordId };
    if (!okDays.has(day)) {
      return { what: `${recordId} died of ${count} rejections, with nothing fetched on ${day}`, recordId };
    }
    const inARow = row.sinceFetched().allCount;
    if (inARow <= BELIEVED_IN_A_ROW * (mostAtOnce + 1)) return undefined;
    return { what: `${recordId} died of ${count} rejections, the last of ${inARow} in a row`, recordId };
  }

  return { name: "rejections", see };
}

/** The last records that the provider does not know end as well, unless there are so many that all seems rejected. */
function unsettled([first]: readonly string[], phase: Phase, rejectedCount: number) {
  if (first === undefined || (phase !== "closed" && rejectedCount >= PLAIN_COUNT / 2)) return undefined;
  return {
    what: `${first} is not dead although it was rejected each time; the breaker is ${phase}`,
    recordId: first,
  };
}

/** Counts rejections in a row; tells their number, once, when they have been plain for longer than it takes to see them. */
function createRow() {
  let count = 0;
  let sinceFetched = { allCount: 0, tellingCount: 0 };
  let plainFromMs = Number.POSITIVE_INFINITY;
  return {
    noteFetched(): void {
      sinceFetched = { allCount: 0, tellingCount: 0 };
    },
    noteRejected(): void {
      sinceFetched.allCount += 1;
    },
    /** Rejections since the last success: all, and those of records that were not rejected before others were fetched. */
    sinceFetched: () => sinceFetched,
    clear(): void {
      [count, plainFromMs] = [0, Number.POSITIVE_INFINITY];
    },
    add(atMs: number): number | undefined {
      count += 1;
      sinceFetched.tellingCount += 1;
      if (count === PLAIN_COUNT) plainFromMs = atMs;
      if (atMs - plainFromMs <= SEEN_WITHIN_MS) return undefined;
      plainFromMs = Number.POSITIVE_INFINITY;
      return count;
    },
  };
}

/** Tells the rejections of records since whose first one of the day others were fetched: they show nothing new. */
function createRepeats() {
  const firstAtMs = new Map<string, number>();
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  return {
    noteFetched(atMs: number) {
      fetchedAtMs = atMs;
    },
    isRepeated(recordAndDay: string, atMs: number): boolean {
      const firstMs = firstAtMs.get(recordAndDay);
      if (firstMs === undefined) firstAtMs.set(recordAndDay, atMs);
      return firstMs !== undefined && firstMs <= fetchedAtMs + REPORTED_WITHIN_MS;
    },
  };
}
