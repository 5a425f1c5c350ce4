import type { Provider } from "../provider/provider.ts";
import type { LawConfig } from "./law.ts";

/** What a law needs to know of a provider. */
export function lawConfigOf({
  maxConcurrency,
  slowAfterMs,
  timeoutMs,
  latency,
  breaker,
}: Provider): LawConfig {
  return { maxConcurrency, slowAfterMs, timeoutMs, medianMs: latency.medianMs, paceMs: breaker.paceMs };
}
