import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openSimulatedAccount } from "../../fakes/simulated-account.ts";
import { STEPS } from "./steps.ts";
import { updates } from "./updates.ts";

/** Between two batches of the least concurrency, and two looks. */
const WITHIN_SECONDS = 2;

test("each update is measured to its effect, however long it takes and whatever the clock of the recorder says", async () => {
  const seconds = fc.double({ min: 0.5, max: 120, noNaN: true });
  const arbitrary = fc.record({
    transitions: fc.array(seconds, { minLength: STEPS.length, maxLength: STEPS.length }),
    lagSeconds: fc.double({ min: 0, max: 15, noNaN: true }),
    clockOffsetMs: fc.integer({ min: -3_000, max: 3_000 }),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ transitions, lagSeconds, clockOffsetMs }) => {
      let at = 0;
      const aws = openSimulatedAccount({
        clockOffsetMs,
        pollersLagMs: () => lagSeconds * 1_000,
        transitionMs() {
          at += 1;
          return (transitions[at - 1] ?? 0) * 1_000;
        },
      });
      const { mapping, findings } = await aws.measure(updates, { rounds: 1 });
      const { Enabling = [], Updating = [], Disabling = [] } = mapping?.updateSeconds ?? {};
      const measured = [...Enabling, ...Updating, ...Disabling];
      expect(measured).toHaveLength(STEPS.length);
      measured.forEach((one, index) => {
        const expected = (transitions[index] ?? 0) + lagSeconds;
        expect(Math.abs(one - expected), `${STEPS[index]?.what}: ${one} s of ${expected} s`).toBeLessThan(
          WITHIN_SECONDS,
        );
      });
      const lag = findings.find(({ row }) => row === "state-runs-ahead");
      if (lagSeconds > 4) expect(lag?.outcome.kind).toBe("differs");
      if (lagSeconds < 1) expect(lag?.outcome.kind).toBe("holds");
    }),
    { numRuns: 6 },
  );
});
