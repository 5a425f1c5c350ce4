import type { Provider } from "../provider/provider.ts";

/** The part of a provider's contract that laws reckon with: {@link lawConfigOf} makes one. */
export interface LawConfig {
  /** X. */
  readonly maxConcurrency: number;
  readonly slowAfterMs: number;
  readonly timeoutMs: number;
  /** The usual latency according to the contract, until it is measured. */
  readonly medianMs: number;
  /** Time between two steps up; other waits are multiples of it. */
  readonly paceMs: number;
}

/** The law's view of a provider. */
export function lawConfigOf({
  maxConcurrency,
  slowAfterMs,
  timeoutMs,
  latency,
  breaker,
}: Provider): LawConfig {
  return { maxConcurrency, slowAfterMs, timeoutMs, medianMs: latency.medianMs, paceMs: breaker.paceMs };
}
