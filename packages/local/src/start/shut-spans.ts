import type { Provider } from "@sluice/core/provider";
import { calendarOf } from "@sluice/core/steering";
import type { ShutSpan } from "@sluice/sim/report";
import type { HeldSpan } from "./held-spans.ts";

/** The closings and holds of a run, in ms from its start and cut at its ends. */
export function shutSpansOf(
  contract: Pick<Provider, "windows" | "timeZone">,
  holds: readonly HeldSpan[],
  startedAtMs: number,
  endedAtMs: number,
): ShutSpan[] {
  const spans: ShutSpan[] = [
    ...closingsBetween(contract, startedAtMs, endedAtMs),
    ...holds.map(
      ({ by, fromMs, untilMs }): ShutSpan => ({ kind: "hold", name: `held by ${by}`, fromMs, untilMs }),
    ),
  ];
  return spans
    .map((span) => ({
      ...span,
      fromMs: Math.max(0, span.fromMs - startedAtMs),
      untilMs: Math.min(endedAtMs, span.untilMs) - startedAtMs,
    }))
    .filter(({ fromMs, untilMs }) => fromMs < untilMs);
}

function closingsBetween(
  { windows, timeZone }: Pick<Provider, "windows" | "timeZone">,
  fromMs: number,
  untilMs: number,
): ShutSpan[] {
  const calendar = calendarOf(windows, timeZone);
  const closings: ShutSpan[] = [];
  for (let atMs = fromMs; atMs < untilMs; ) {
    const stretch = calendar.stretchAt(atMs);
    if (!stretch.isOpen)
      closings.push({ kind: "window", name: "closed", fromMs: atMs, untilMs: stretch.untilMs });
    atMs = stretch.untilMs;
  }
  return closings;
}
