import type { LawConfig } from "@sluice/core/law";

/** A provider of 20 requests at once and calls of a second, unless `known` says otherwise. */
export function configOf(known: Partial<LawConfig> = {}): LawConfig {
  return {
    maxConcurrency: 20,
    slowAfterMs: 5_000,
    timeoutMs: 30_000,
    medianMs: 1_000,
    paceMs: 1_000,
    ...known,
  };
}
