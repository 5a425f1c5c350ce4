import fc from "fast-check";
import { expect, test } from "vitest";
import { anyProvider } from "../../../../test/support/any-provider.ts";
import type { Provider } from "../provider/provider.ts";
import { type Shape, shapeOf } from "./shape.ts";

/** Any provider, and any limit that its contract allows. */
const limited = anyProvider.chain((provider) =>
  fc.record({
    provider: fc.constant(provider),
    limit: fc.oneof(
      fc.integer({ min: 1, max: provider.maxConcurrency }),
      fc.constantFrom(...edgesOf(provider)),
    ),
  }),
);

/** Where the fan-out changes. */
function edgesOf({ maxConcurrency, ventilator }: Provider): number[] {
  const edges = [
    1,
    2,
    ventilator.maxConcurrency,
    ventilator.maxConcurrency + 1,
    2 * ventilator.maxConcurrency,
  ];
  return [maxConcurrency, ...edges.filter((limit) => limit <= maxConcurrency)];
}

const mappingsOf = ({ records, express }: Shape) => [records, express];

test("settings are always ones that AWS takes", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      for (const { batchSize, maximumConcurrency } of mappingsOf(shapeOf(provider, limit))) {
        expect(Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= 10).toBe(true);
        expect(Number.isInteger(maximumConcurrency)).toBe(true);
        expect(maximumConcurrency).toBeGreaterThanOrEqual(2);
        expect(maximumConcurrency).toBeLessThanOrEqual(1_000);
      }
    }),
  );
});

test("the bulk queue never asks for more than the limit, except at AWS's floor of 2 invocations", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const { records, fanOut } = shapeOf(provider, limit);
      if (records.maximumConcurrency > 2) {
        expect(records.maximumConcurrency * fanOut).toBeLessThanOrEqual(limit);
      }
    }),
  );
});

test("the bulk queue stays within the invocations that the account grants", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const { records } = shapeOf(provider, limit);
      expect(records.maximumConcurrency).toBeLessThanOrEqual(provider.ventilator.maxConcurrency);
    }),
  );
});

test("a batch fans out only when the limit does not fit the invocations, and then uses nearly all of it", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const { records, fanOut } = shapeOf(provider, limit);
      expect(fanOut === 1).toBe(limit <= provider.ventilator.maxConcurrency);
      expect(records.maximumConcurrency * fanOut).toBeGreaterThan(limit - fanOut);
    }),
  );
});

test("at usual latency the last record of a batch is started while the worker still has its whole timeout", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const { latency, worker, ventilator } = provider;
      const { records, fanOut } = shapeOf(provider, limit);
      const lastStartMs = (Math.ceil(records.batchSize / fanOut) - 1) * latency.medianMs;
      expect(ventilator.timeoutMs - lastStartMs).toBeGreaterThan(worker.timeoutMs + ventilator.marginMs);
    }),
  );
});

test("a batch lasts a few seconds at most at usual latency, unless one call alone is longer", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const { records, fanOut } = shapeOf(provider, limit);
      const batchMs = Math.ceil(records.batchSize / fanOut) * provider.latency.medianMs;
      expect(batchMs).toBeLessThanOrEqual(Math.max(3_000, provider.latency.medianMs));
    }),
  );
});
