import type { Random } from "@sluice/core/ports";
import type { TransitionState } from "../event-source-mapping/lifecycle.ts";
import type { SimulatedValve } from "../provider-simulator/scenario.ts";

/** Draws how long each transition lasts, in milliseconds, out of what was measured if it was; a creation takes no time. */
export function transitionTimes(
  { updateDelaySeconds, measured }: SimulatedValve,
  delays: Random,
): (state: TransitionState) => number {
  const [minSeconds, maxSeconds] = updateDelaySeconds;
  return (state) => {
    if (state === "Creating") return 0;
    const lot = delays.next();
    const samples = state === "Deleting" ? undefined : measured?.updateSeconds?.[state];
    const measuredSeconds = samples?.[Math.floor(lot * samples.length)];
    return 1_000 * (measuredSeconds ?? minSeconds + lot * (maxSeconds - minSeconds));
  };
}
