import type { Provider } from "@sluice/core/provider";
import type { Scenario } from "./scenario.ts";
import { DEFAULT_SCENARIO } from "./scenario-defaults.ts";

/** Share of records that fail even on a calm day. */
const POISON_RATIO = 0.001;
/** Share of records that the provider does not know. */
const REJECTED_RATIO = 0.001;

/**
 * A provider's calm day: it bears all that its contract allows, answers as fast as usual and never fails,
 * except that one record in 1,000 always fails and another one in 1,000 is unknown.
 */
export function calmScenario(provider: Provider): Scenario {
  const { id, maxConcurrency, slowAfterMs, timeoutMs, latency } = provider;
  return {
    ...DEFAULT_SCENARIO,
    name: `${id}-calm`,
    provider: {
      ...DEFAULT_SCENARIO.provider,
      maxConcurrency,
      slowAfterMs,
      timeoutMs,
      latency,
      capacity: [[0, maxConcurrency]],
      poisonRatio: POISON_RATIO,
      rejectedRatio: REJECTED_RATIO,
    },
  };
}
