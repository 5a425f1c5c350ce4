import type { SimulatedProvider } from "./scenario.ts";
import { lastRiseFromZeroMinute, valueAt } from "./time-line.ts";

/** The number of requests at once that the provider can bear. */
export interface Capacity {
  at(elapsedMinutes: number): number;
  /** Counts a start in, which `inFlightCount` includes; returns the capacity that it leaves. */
  afterStart(elapsedMinutes: number, inFlightCount: number): number;
}

/**
 * Follows the scenario's time line. A fragile provider comes back from an outage with capacity 1 and grows by
 * `rampPerMinute`; a start beyond that is an outage of `downMinutes`, after which it begins again.
 */
export function createCapacity(provider: Pick<SimulatedProvider, "capacity" | "fragile">): Capacity {
  const { capacity, fragile } = provider;
  let relapseEndMinute = Number.NEGATIVE_INFINITY;

  function at(elapsedMinutes: number): number {
    const fullCount = valueAt(capacity, elapsedMinutes);
    if (fragile === null || fullCount === 0) return fullCount;
    if (elapsedMinutes < relapseEndMinute) return 0;
    const upSinceMinute = Math.max(lastRiseFromZeroMinute(capacity, elapsedMinutes), relapseEndMinute);
    const grownCount = Math.floor((elapsedMinutes - upSinceMinute) * fragile.rampPerMinute);
    return Math.min(fullCount, 1 + grownCount);
  }

  function afterStart(elapsedMinutes: number, inFlightCount: number): number {
    const bearableCount = at(elapsedMinutes);
    const isRecovering = bearableCount > 0 && bearableCount < valueAt(capacity, elapsedMinutes);
    if (fragile === null || !isRecovering || inFlightCount <= bearableCount) return bearableCount;
    relapseEndMinute = elapsedMinutes + fragile.downMinutes;
    return 0;
  }

  return { at, afterStart };
}
