import { parseProvider } from "@sluice/core/provider/parse-provider";
import type { Provider, ProviderInput } from "@sluice/core/provider/provider";
import fc from "fast-check";

/** Any definition that is within every range and keeps every relation. */
export const anyProviderInput: fc.Arbitrary<ProviderInput> = fc
  .record({
    id: fc.stringMatching(/^[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,7}){0,2}$/),
    maxConcurrency: fc.integer({ min: 1, max: 1_000 }),
    timeoutMs: fc.oneof(fc.integer({ min: 10, max: 5_000 }), fc.integer({ min: 10, max: 800_000 })),
    slowShare: fc.double({ min: 0, max: 1, noNaN: true }),
    latencyShares: fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
    sigma: fc.double({ min: 0, max: 3, noNaN: true }),
    marginMs: fc.option(fc.integer({ min: 1_000, max: 60_000 }), { nil: undefined }),
    ventilators: fc.option(fc.integer({ min: 2, max: 1_000 }), { nil: undefined }),
  })
  .map(({ id, maxConcurrency, timeoutMs, slowShare, latencyShares, sigma, marginMs, ventilators }) => {
    const upTo = (share: number, maxMs: number) => Math.max(1, Math.round(share * maxMs));
    const maxMs = upTo(latencyShares[0], timeoutMs);
    const medianMs = upTo(latencyShares[1], maxMs);
    const minMs = Math.min(medianMs, upTo(latencyShares[2], medianMs));
    return {
      id,
      maxConcurrency,
      timeoutMs,
      slowAfterMs: upTo(slowShare, timeoutMs),
      latency: { medianMs, sigma, minMs, maxMs },
      worker: { name: "http-json" },
      ventilator: {
        ...(marginMs === undefined ? {} : { marginMs }),
        ...(ventilators === undefined ? {} : { maxConcurrency: ventilators }),
      },
    };
  });

/** Any provider that can be defined. */
export const anyProvider: fc.Arbitrary<Provider> = anyProviderInput.map((input) =>
  parseProvider(input, "in a test"),
);
