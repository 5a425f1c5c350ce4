import { type ProviderInput, parseProvider } from "@sluice/core/provider";
import type { Preparation } from "@sluice/local/start";

/** A preparation in which the contract has these options. */
export const having =
  (options: Partial<ProviderInput>) =>
  (preparation: Preparation): Preparation => ({
    ...preparation,
    provider: parseProvider({ ...preparation.provider, ...options }, "in a test"),
  });

/** Calls so long that each permit is in use, however slow the machine is, and a day lasts, however fast. */
export function withSteadyLatency(preparation: Preparation): Preparation {
  const latency = { medianMs: 800, sigma: 0, minMs: 800, maxMs: 800 };
  const { provider, scenario } = having({ latency })(preparation);
  return { ...preparation, provider, scenario: { ...scenario, provider: { ...scenario.provider, latency } } };
}
