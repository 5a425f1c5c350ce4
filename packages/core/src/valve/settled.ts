import { MAXIMUM_CONCURRENCY_MAX } from "../aws-bounds.ts";
import type { ValveReading, ValveSettings } from "../ports/valve.ts";

/** The settings in force; undefined while AWS is applying others, because it would refuse an update. */
export function settledSettings({
  state,
  settings,
}: Pick<ValveReading, "state" | "settings">): ValveSettings | undefined {
  if (state !== "enabled" && state !== "disabled") return undefined;
  // A mapping whose maximum was cleared runs at AWS's.
  const { batchSize, maximumConcurrency = MAXIMUM_CONCURRENCY_MAX } = settings;
  return { isEnabled: state === "enabled", batchSize, maximumConcurrency };
}

/** Settings in a few words, for people. */
export function settingsText({ isEnabled, batchSize, maximumConcurrency }: ValveSettings): string {
  return isEnabled ? `${maximumConcurrency} × batches of ${batchSize}` : "shut";
}
