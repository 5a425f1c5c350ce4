import type { ProviderInput } from "@sluice/core/provider";
import type { Lots } from "../../provider-simulator/lots.ts";
import type { Fault, OrderKind } from "../story.ts";
import { type DayTimes, drawSpan } from "./draw-span.ts";

/** Longest order: the day waits for its end. */
const MINUTES_MAX = 90;

/** Draws what operators order on a day; two in three have nothing of it. */
export function drawOrders(contract: ProviderInput, times: DayTimes, lots: Lots): Fault[] {
  if (lots.chance(2 / 3)) return [];
  return Array.from({ length: lots.pick([1, 1, 2, 3]) }, () => {
    const { fromMinute } = drawSpan(times, lots);
    const minutes = lots.logBetween(0.3, Math.min(MINUTES_MAX, Math.max(1, times.minutes)));
    return { fromMinute, untilMinute: fromMinute + minutes, ...drawOrder(contract, minutes, lots) };
  });
}

function drawOrder({ maxConcurrency }: ProviderInput, minutes: number, lots: Lots): OrderKind {
  const death = lots.chance(0.2) ? { diesAfterMs: lots.logBetween(5, 1_000) } : {};
  const isResumed = lots.chance(0.4);
  switch (lots.whole(0, 4)) {
    case 0:
    case 1: {
      const aheadMinutes = lots.chance(0.3) ? lots.between(0, minutes / 2) : 0;
      return { ...death, kind: "hold", aheadMinutes, isResumed };
    }
    case 2:
    case 3:
      return { ...death, kind: "pin", limit: lots.logWhole(1, Math.max(1, maxConcurrency - 1)), isResumed };
    default:
      return { ...death, kind: "force", limit: lots.logWhole(1, maxConcurrency) };
  }
}
