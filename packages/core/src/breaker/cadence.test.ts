import { createBreakerHarness } from "@sluice/testing/breaker-harness";
import { expect, test } from "vitest";
import type { Evidence } from "../law/evidence.ts";
import { createCadence } from "./cadence.ts";

/** Whether reports that follow one another in a second call for a look of a new process. */
async function duesOf(...reports: readonly Partial<Evidence>[]): Promise<boolean[]> {
  const { clock, report } = createBreakerHarness();
  const cadence = createCadence(clock, 3);
  const dues: boolean[] = [];
  for (const evidence of reports) {
    const reported = await report(evidence);
    dues.push(cadence.isDue(reported));
    clock.advance(1_000 / reports.length);
  }
  return dues;
}

test("rejections in a row are bad news once they are many: records die of their fifth within seconds", async () => {
  expect(await duesOf({ rejectedCount: 29 }, { rejectedCount: 1 })).toEqual([false, true]);
});

test.each<Partial<Evidence>>([
  { rejectedCount: 1 },
  { rejectedCount: 30, ownRejectedCount: 30 },
  { okCount: 1 },
])("%j is no bad news", async (evidence) => {
  expect(await duesOf(evidence)).toEqual([false]);
});
