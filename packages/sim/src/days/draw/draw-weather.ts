import type { Lots } from "../../provider-simulator/lots.ts";
import type { Nature, Spell } from "../story.ts";
import { type DayTimes, drawSpan } from "./draw-span.ts";

/** Draws the ways of a provider that last all day. */
export function drawNature(lots: Lots): Nature {
  return {
    overload: lots.pick(["reject", "reject", "reject", "stretch", "collapse", "hang"]),
    exponent: lots.pick([0.5, 1, 1.5, 2]),
    retryAfterSeconds: lots.chance(0.5) ? null : lots.pick([0, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200]),
    poisonRatio: lots.chance(0.3) ? lots.pick([0.002, 0.01, 0.05]) : 0,
    rejectedRatio: lots.chance(0.2) ? lots.pick([0.01, 0.1]) : 0,
    fragile: lots.chance(0.05)
      ? { downMinutes: lots.pick([1, 3]), rampPerMinute: lots.pick([1, 3, 10]) }
      : null,
    causeLength: lots.chance(0.15) ? lots.pick([20, 500, 70_000, 2_000_000]) : 9,
    hasBrokenWait: lots.chance(0.05),
  };
}

/** Draws a provider's weather; a third of days have none. */
export function drawWeather(maxConcurrency: number, times: DayTimes, lots: Lots): Spell[] {
  if (lots.chance(0.33)) return [];
  const count = lots.pick([1, 1, 1, 2, 3]);
  return Array.from({ length: count }, () => drawSpell(maxConcurrency, times, lots));
}

function drawSpell(maxConcurrency: number, times: DayTimes, lots: Lots): Spell {
  const span = drawSpan(times, lots);
  switch (lots.whole(0, 6)) {
    case 0:
    case 1:
    case 2:
      return { ...span, kind: "capacity", count: 0 };
    case 3:
    case 4:
      return {
        ...span,
        kind: "capacity",
        count: Math.max(1, Math.floor(maxConcurrency * lots.between(0.3, 0.99))),
      };
    case 5:
      return { ...span, kind: "faults", ratio: lots.pick([0.01, 0.03, 0.1, 0.4, 0.9]) };
    default:
      return { ...span, kind: "slow", factor: lots.pick([0.5, 2, 5, 20]) };
  }
}
