import type { Provider } from "../provider/provider.ts";
import { quantumOf } from "../valve/shape.ts";
import type { PermitBounds } from "./gate.ts";
import { shardCountOf } from "./shares.ts";

/** The bounds of a provider's permits; everyone who lends or reads them derives the same. */
export function permitBoundsOf(provider: Provider): PermitBounds {
  const { maxConcurrency, latency } = provider;
  return { maxConcurrency, shardCount: shardCountOf(maxConcurrency, latency.medianMs, quantumOf(provider)) };
}
