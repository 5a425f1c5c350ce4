import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createMappingHarness, succeedAfter, TRANSITION_MS } from "./fakes/mapping-harness.ts";

/** 120 batches of 20 s, two at a time, and a second for each receive. */
const WORST_CASE_MS = 1_400_000;

const cases = fc.record({
  maximumConcurrency: fc.integer({ min: 2, max: 20 }),
  batchSize: fc.integer({ min: 1, max: 10 }),
  messageCount: fc.integer({ min: 0, max: 120 }),
  durationsMs: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 8 }),
});

test("never more batches in flight than the maximum, and each message is worked on exactly once", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ maximumConcurrency, batchSize, messageCount, durationsMs }) => {
      const inFlight: number[] = [];
      const held: number[] = [];
      const receives: number[] = [];
      let runningCount = 0;
      const harness = createMappingHarness(
        async (event, clock) => {
          runningCount += 1;
          const { batchesInFlight, receivesUnderWay } = harness.mapping.stats();
          inFlight.push(runningCount);
          held.push(batchesInFlight + receivesUnderWay);
          receives.push(receivesUnderWay);
          const end = await succeedAfter(durationsMs[inFlight.length % durationsMs.length] ?? 0)(
            event,
            clock,
          );
          runningCount -= 1;
          return end;
        },
        { maximumConcurrency, batchSize },
      );
      const ids = harness.queue.send(messageCount);
      await harness.clock.advance(TRANSITION_MS + WORST_CASE_MS);
      expect(Math.max(0, ...inFlight)).toBeLessThanOrEqual(maximumConcurrency);
      expect(Math.max(0, ...held)).toBeLessThanOrEqual(maximumConcurrency);
      expect(Math.max(0, ...receives)).toBeLessThanOrEqual(5);
      expect(harness.batches.every((batch) => batch.length <= batchSize)).toBe(true);
      expect(harness.batches.flat().toSorted()).toEqual([...ids].toSorted());
      expect(harness.queue.remaining()).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
