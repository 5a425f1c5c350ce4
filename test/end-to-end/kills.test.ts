import { expect, test } from "vitest";
import { having, withSteadyLatency } from "../support/contracts.ts";
import { expectAllWell, FAULTY_DAY, runFaultyDay } from "../support/faulty-day.ts";

test("execution environments killed twice a second for half a minute", FAULTY_DAY, async () => {
  const report = await runFaultyDay({
    // On a slow machine hardly an environment lives until it is warm: with no end of it the last records are not fetched.
    args: ["--records", "200", "--kill-every", "0.5", "--kill-for", "30"],
    // Each kill may cost a record an attempt.
    prepared: (preparation) => having({ maxAttempts: 20 })(withSteadyLatency(preparation)),
  });
  expect(report.kills).toBeGreaterThan(0);
  expectAllWell(report, 200);
  const { accepted, open, completedEvents, ...ends } = report.run;
  expect({ accepted, open, completedEvents }).toEqual({ accepted: 200, open: 0, completedEvents: 1 });
  expect(Object.values(ends).reduce((sum, count) => sum + count, open)).toBe(accepted);
});
