import { anyProvider } from "@sluice/testing/any-provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClosedControl } from "../law/control.ts";
import type { Provider } from "../provider/provider.ts";
import { type MappingShape, mappingShapeOf } from "./mapping-shape.ts";

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

const closedAt = (limit: number): ClosedControl => ({ phase: "closed", limit, target: limit, epoch: 0 });

const mappingsOf = ({ settings: { records, express } }: MappingShape) => [records, express];

test("settings are always ones that AWS takes", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      for (const { batchSize, maximumConcurrency } of mappingsOf(mappingShapeOf(provider, closedAt(limit)))) {
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
      const {
        settings: { records },
        fanOut,
      } = mappingShapeOf(provider, closedAt(limit));
      if (records.maximumConcurrency > 2) {
        expect(records.maximumConcurrency * fanOut).toBeLessThanOrEqual(limit);
      }
    }),
  );
});

test("the bulk queue stays within the invocations that the account grants", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const { records } = settingsOf(provider, closedAt(limit));
      expect(records.maximumConcurrency).toBeLessThanOrEqual(provider.ventilator.maxConcurrency);
    }),
  );
});

test("a batch fans out only when X does not fit the invocations, and then uses nearly all of the limit", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const {
        settings: { records },
        fanOut,
      } = mappingShapeOf(provider, closedAt(limit));
      expect(fanOut === 1).toBe(provider.maxConcurrency <= provider.ventilator.maxConcurrency);
      expect(records.maximumConcurrency * fanOut).toBeGreaterThan(limit - fanOut);
    }),
  );
});

test("no mix of old and new settings exceeds X, except at AWS's floor of 2 invocations", () => {
  fc.assert(
    fc.property(limited, fc.nat(), ({ provider, limit }, other) => {
      const before = mappingShapeOf(provider, closedAt(limit));
      const after = mappingShapeOf(provider, closedAt(1 + (other % provider.maxConcurrency)));
      const invocations = Math.max(
        before.settings.records.maximumConcurrency,
        after.settings.records.maximumConcurrency,
      );
      if (invocations > 2) {
        expect(invocations * Math.max(before.fanOut, after.fanOut)).toBeLessThanOrEqual(
          provider.maxConcurrency,
        );
      }
    }),
  );
});

test("what is expected soon shapes the valve, up to X, and a breaker that is unsure asks for single records", () => {
  fc.assert(
    fc.property(limited, fc.integer({ min: 1, max: 2_000 }), ({ provider, limit }, target) => {
      const reached = Math.min(target, provider.maxConcurrency);
      const {
        settings: { records },
        fanOut,
      } = mappingShapeOf(provider, {
        ...closedAt(limit),
        target,
        wantsSmallBatches: true,
      });
      expect(records.maximumConcurrency).toBe(
        settingsOf(provider, closedAt(reached)).records.maximumConcurrency,
      );
      expect(records.batchSize).toBe(Math.min(fanOut, 10));
    }),
  );
});

test.each(["open", "half-open"] as const)("the valve is shut while the breaker is %s", (phase) => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const { records, express } = settingsOf(provider, {
        phase,
        limit,
        target: limit,
        epoch: 1,
        probeAtMs: 0,
        isValveKept: false,
      });
      expect([records.isEnabled, express.isEnabled]).toEqual([false, false]);
    }),
  );
});

test("half-open without a record to probe with, the valve is open at its minimum", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const awaiting = { phase: "half-open", epoch: 1, isValveKept: false, awaitsRecord: true } as const;
      const { records, express } = settingsOf(provider, { ...awaiting, limit: 1, target: limit });
      const minimum = { isEnabled: true, batchSize: 1, maximumConcurrency: 2 };
      expect([records, express]).toEqual([minimum, minimum]);
    }),
  );
});

test("at usual latency the last record of a batch is started while the worker still has its whole timeout", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const { latency, worker, ventilator } = provider;
      const {
        settings: { records },
        fanOut,
      } = mappingShapeOf(provider, closedAt(limit));
      const lastStartMs = (Math.ceil(records.batchSize / fanOut) - 1) * latency.medianMs;
      expect(ventilator.timeoutMs - lastStartMs).toBeGreaterThan(worker.timeoutMs + ventilator.marginMs);
    }),
  );
});

test("a batch lasts a few seconds at most at usual latency, unless one call alone is longer", () => {
  fc.assert(
    fc.property(limited, ({ provider, limit }) => {
      const {
        settings: { records },
        fanOut,
      } = mappingShapeOf(provider, closedAt(limit));
      const batchMs = Math.ceil(records.batchSize / fanOut) * provider.latency.medianMs;
      expect(batchMs).toBeLessThanOrEqual(Math.max(3_000, provider.latency.medianMs));
    }),
  );
});

function settingsOf(...args: Parameters<typeof mappingShapeOf>): MappingShape["settings"] {
  return mappingShapeOf(...args).settings;
}
