import { type Provider, type ProviderInput, parseProvider } from "@sluice/core/provider";
import fc from "fast-check";
import { anyRoomyWindows } from "./any-windows.ts";

// Thousandths instead of any double: nearly all doubles below 1 are as good as 0.
const share = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);
/** Often a small one: providers mostly answer much faster than they may. */
const skewedShare = fc.oneof(
  share,
  share.map((value) => value ** 4),
);

const upTo = (part: number, maxMs: number) => Math.max(1, Math.round(part * maxMs));
const ceilToSecondMs = (durationMs: number) => Math.ceil(durationMs / 1_000) * 1_000;
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

/** Any definition of a provider that is within every range and keeps every relation. */
export const anyProviderInput: fc.Arbitrary<ProviderInput> = fc
  .record({
    id: fc.stringMatching(/^[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,7}){0,2}$/),
    maxConcurrency: fc.integer({ min: 1, max: 1_000 }),
    timeoutMs: fc.oneof(fc.integer({ min: 10, max: 5_000 }), fc.integer({ min: 10, max: 800_000 })),
    slowShare: share,
    latencyShares: fc.tuple(share, skewedShare, share),
    sigma: share.map((part) => 3 * part),
    marginMs: maybe(fc.integer({ min: 2_000, max: 60_000 })),
    /** The ventilator's time beyond one call and its margin. */
    headroomSeconds: maybe(fc.integer({ min: 1, max: 10 })),
    ventilators: maybe(fc.integer({ min: 2, max: 1_000 })),
    /** As much as the usual memory of a worker can hold. */
    answerMaxMb: maybe(fc.integer({ min: 1, max: 5 })),
    secrets: maybe(fc.uniqueArray(fc.stringMatching(/^[B-Z][A-Za-z0-9]{0,9}$/), { maxLength: 3 })),
    windows: maybe(anyRoomyWindows),
  })
  .map(({ id, maxConcurrency, timeoutMs, slowShare, latencyShares, sigma, ...options }) => {
    const maxMs = upTo(latencyShares[0], timeoutMs);
    const medianMs = upTo(latencyShares[1], maxMs);
    const { marginMs = 3_000, headroomSeconds, ventilators, answerMaxMb, secrets, windows } = options;
    const workerTimeoutMs = ceilToSecondMs(timeoutMs + 1_000);
    return {
      id,
      ...(windows !== undefined && { windows }),
      maxConcurrency,
      timeoutMs,
      slowAfterMs: upTo(slowShare, timeoutMs),
      latency: { medianMs, sigma, minMs: upTo(latencyShares[2], medianMs), maxMs },
      worker: {
        name: "http-json",
        ...(headroomSeconds !== undefined && { timeoutMs: workerTimeoutMs }),
        ...(answerMaxMb !== undefined && { answer: { maxMb: answerMaxMb } }),
        ...(secrets !== undefined && { secrets }),
      },
      ventilator: {
        marginMs,
        ...(headroomSeconds === undefined
          ? {}
          : { timeoutMs: ceilToSecondMs(workerTimeoutMs + marginMs) + headroomSeconds * 1_000 }),
        // A batch of ten is all that one ventilator can have in flight.
        ...(ventilators === undefined
          ? {}
          : { maxConcurrency: Math.max(ventilators, Math.ceil(maxConcurrency / 10)) }),
      },
    };
  });

/** Any provider that can be defined, parsed. */
export const anyProvider: fc.Arbitrary<Provider> = anyProviderInput.map((input) =>
  parseProvider(input, "in a test"),
);
