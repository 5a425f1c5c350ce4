import { SluiceError } from "@sluice/core/errors";
import type { Valve, ValveState } from "@sluice/core/ports";
import type { Mapping } from "../event-source-mapping/mapping.ts";
import { CEILING_CONCURRENCY } from "../event-source-mapping/settings.ts";

/** Counts of the updates that a valve was asked for. */
export interface ValveCounts {
  updates: number;
  /** Refused because an earlier update was still being applied. */
  refusals: number;
}

/** The valve of a modelled mapping; counts its updates. */
export function createMappingValve(mapping: Mapping, counts: ValveCounts): Valve {
  return {
    async read() {
      const { state, settings, stateTransitionReason } = mapping.describe();
      const { isEnabled, batchSize, maximumConcurrency } = settings;
      return {
        settings: { isEnabled, batchSize, maximumConcurrency: maximumConcurrency ?? CEILING_CONCURRENCY },
        state: state.toLowerCase() as ValveState,
        reason: stateTransitionReason,
      };
    },
    async update(settings) {
      const outcome = mapping.update(settings);
      if (outcome.kind === "done") {
        counts.updates += 1;
        return { kind: "accepted" };
      }
      counts.refusals += 1;
      if (outcome.error === "ResourceInUseException") return { kind: "busy" };
      throw new SluiceError("input-invalid", outcome.message);
    },
  };
}
