import type { PermitBounds } from "../permits/gate.ts";
import { shardCountOf } from "../permits/shares.ts";
import type { Provider } from "../provider/provider.ts";
import { quantumOf } from "./mapping-shape.ts";

/** The bounds of a provider's permits, the same for all that lend or read them. */
export function permitBoundsOf(provider: Provider): PermitBounds {
  const { maxConcurrency, latency } = provider;
  return { maxConcurrency, shardCount: shardCountOf(maxConcurrency, latency.medianMs, quantumOf(provider)) };
}
