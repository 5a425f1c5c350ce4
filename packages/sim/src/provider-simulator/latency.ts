import type { Random } from "@sluice/core/ports";
import type { SimulatedProvider } from "./scenario.ts";

/** Draws how long a call takes when the provider is well, within [minMs, maxMs]. */
export function drawLatencyMs(latency: SimulatedProvider["latency"], random: Random): number {
  const { medianMs, sigma } = "mix" in latency ? partAt(latency.mix, random.next()) : latency;
  const latencyMs = medianMs * Math.exp(sigma * drawNormal(random));
  return Math.min(Math.max(latencyMs, latency.minMs), latency.maxMs);
}

interface LogNormal {
  readonly medianMs: number;
  readonly sigma: number;
}

/** The part in which `lot` falls when the parts' shares are laid end to end. */
function partAt(mix: readonly (LogNormal & { readonly share: number })[], lot: number): LogNormal {
  let part: LogNormal = { medianMs: 0, sigma: 0 };
  let upTo = 0;
  for (const next of mix) {
    part = next;
    upTo += next.share;
    if (lot < upTo) break;
  }
  return part;
}

/** A draw from the standard normal distribution (Box and Muller, 1958). */
function drawNormal(random: Random): number {
  // 1 - next() is in (0, 1], so that its logarithm is finite.
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
