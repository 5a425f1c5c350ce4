import { type Provider, type ProviderInput, parseProvider } from "@sluice/core/provider";

/** A provider with short calls and at most three of them at once, with a test's changes. */
export function demoProvider(changes: Partial<ProviderInput> = {}): Provider {
  return parseProvider(
    {
      id: "demo",
      maxConcurrency: 3,
      slowAfterMs: 100,
      timeoutMs: 1_000,
      latency: { medianMs: 10, sigma: 0.5, minMs: 1, maxMs: 100 },
      maxAttempts: 3,
      backOff: { firstMs: 4_000, maxMs: 60_000 },
      worker: { name: "demo" },
      ...changes,
    },
    "in a test",
  );
}
