import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openSimulatedAccount } from "../../fakes/simulated-account.ts";
import { ramp } from "./ramp.ts";

const WITHIN_SECONDS = 1.5;
/** As long as the longest growth. */
const QUICKER = { lookEveryMs: 1_000, rampMs: 70_000 };

/** Steps that are far enough apart to be told from one another, and from the last one. */
const APART = 1.2;
const MOST = 100;
/** A growth up to {@link MOST} at once. */
const growth = fc
  .array(
    fc.record({
      gapSeconds: fc.integer({ min: 5, max: 15 }),
      ratio: fc.double({ min: 1.3, max: 3, noNaN: true }),
    }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => {
    let [afterSeconds, concurrency] = [0, 4];
    const steps = [{ afterSeconds, concurrency }];
    for (const { gapSeconds, ratio } of parts) {
      afterSeconds += gapSeconds;
      concurrency = Math.min(MOST, Math.ceil(concurrency * ratio));
      if (concurrency > APART * (steps.at(-1)?.concurrency ?? 0)) steps.push({ afterSeconds, concurrency });
    }
    const before = steps.filter((step) => MOST > APART * step.concurrency);
    return [...before, { afterSeconds: afterSeconds + 5, concurrency: MOST }];
  });

test("a mapping's growth is measured as it is, whatever it is", async () => {
  await fc.assert(
    fc.asyncProperty(growth, fc.integer({ min: -2_000, max: 2_000 }), async (steps, clockOffsetMs) => {
      const aws = openSimulatedAccount({ transitionMs: () => 12_000, startup: () => steps, clockOffsetMs });
      const { mapping, findings } = await aws.measure(ramp, QUICKER);
      const measured = mapping?.startup ?? [];
      for (const { afterSeconds, concurrency } of steps) {
        const reached = measured.find((one) => one.concurrency * 1.15 >= concurrency);
        expect(Math.abs((reached?.afterSeconds ?? Number.NaN) - afterSeconds)).toBeLessThan(WITHIN_SECONDS);
      }
      expect(findings[0]?.outcome.kind).toBe("differs");
    }),
    { numRuns: 4 },
  );
});

test("the model without any growth is as assumed", async () => {
  const aws = openSimulatedAccount({ transitionMs: () => 12_000 });
  const { findings } = await aws.measure(ramp, QUICKER);
  expect(findings).toEqual([
    expect.objectContaining({ outcome: expect.objectContaining({ kind: "holds" }) }),
  ]);
});

test("it is not measured where it would take what others need", async () => {
  const change = ({ functions }: { readonly functions: object }) => ({
    functions: { ...functions, unreservedConcurrency: async () => 9 } as never,
  });
  const { findings } = await openSimulatedAccount({ transitionMs: () => 0, change }).measure(ramp);
  const why = "the account has 8 unreserved invocations at once, too few to take 5";
  expect(findings).toMatchObject([{ outcome: { kind: "not-measured", why } }]);
});
