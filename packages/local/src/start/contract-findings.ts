import { calendarOf } from "@sluice/core/steering";
import type { RequestSpan } from "../provider-simulator/request-log.ts";
import { type HeldSpan, heldSpans } from "./held-spans.ts";
import { type QuotaPeak, quotaPeaks } from "./quota-peaks.ts";
import type { RunEvidence } from "./run-evidence.ts";

/** A run against its provider's access windows and quotas, and its operators' holds. */
export interface ContractFindings {
  /** Requests that were in flight at an instant at which the provider was closed. */
  readonly whileClosedCount: number;
  readonly quotaPeaks: readonly QuotaPeak[];
  readonly holds: readonly HeldSpan[];
  /** Requests that started during a hold although every process could know of it. */
  readonly whileHeldCount: number;
}

/** Time within which each process learns of a hold. */
const HOLD_SPREADS_MS = 3_000;

/** Judges what the provider saw by what it allows, and by what operators have ordered. */
export function contractFindingsOf({
  contract,
  provider: { requests },
  events,
}: Pick<RunEvidence, "contract" | "provider" | "events">): ContractFindings {
  const holds = heldSpans(events);
  return {
    whileClosedCount: countWhileClosed(contract, requests),
    quotaPeaks: quotaPeaks(contract, requests),
    holds,
    whileHeldCount: requests.filter((request) => holds.some((hold) => startedWhile(hold, request))).length,
  };
}

function countWhileClosed(
  { windows, timeZone }: RunEvidence["contract"],
  requests: readonly RequestSpan[],
): number {
  if (windows === undefined) return 0;
  const calendar = calendarOf(windows, timeZone);
  return requests.filter(({ startedAtMs, endedAtMs }) => {
    const { isOpen, untilMs } = calendar.stretchAt(startedAtMs);
    return !isOpen || endedAtMs > untilMs;
  }).length;
}

function startedWhile({ fromMs, untilMs }: HeldSpan, { startedAtMs }: RequestSpan): boolean {
  return fromMs + HOLD_SPREADS_MS <= startedAtMs && startedAtMs < untilMs;
}
