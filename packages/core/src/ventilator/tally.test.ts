import { expect, test } from "vitest";
import { createTally } from "./tally.ts";

const OK = { okCount: 1 };
const FAULT = { faultCount: 1 };

test("reports what was added since the last report", () => {
  const tally = createTally(4);
  tally.add(4, OK);
  tally.add(4, OK);
  expect(tally.takeReport(10)).toMatchObject({ epoch: 4, atMs: 10, evidence: { okCount: 2 } });
  expect(tally.takeReport(20)).toMatchObject({ epoch: 4, atMs: 20, evidence: { okCount: 0 } });
  tally.add(4, OK);
  expect(tally.takeReport(30)).toMatchObject({ evidence: { okCount: 1 } });
});

test("an older epoch's outcome is part of the total only", () => {
  const tally = createTally(4);
  tally.add(3, FAULT);
  expect([tally.hasNews(), tally.hasBadNews()]).toEqual([false, false]);
  expect(tally.takeReport(10)).toMatchObject({ epoch: 4, evidence: { faultCount: 0 } });
  expect(tally.total()).toMatchObject({ faultCount: 1 });
});

test("a newer epoch's outcome drops what was not reported of the one before", () => {
  const tally = createTally(4);
  tally.add(4, FAULT);
  tally.add(5, OK);
  tally.add(4, FAULT);
  expect(tally.takeReport(10)).toMatchObject({ epoch: 5, evidence: { okCount: 1, faultCount: 0 } });
  expect(tally.total()).toMatchObject({ okCount: 1, faultCount: 2 });
});

test.each([
  ["a success", OK, true, false],
  ["a slow one", { slowCount: 1 }, true, false],
  ["a fault", FAULT, true, true],
  ["a throttled call", { throttledCount: 1 }, true, true],
  ["a record's own fault", { repeatFaultCount: 1 }, false, false],
  ["a rejected record", { rejectedCount: 1 }, true, false],
  ["a worker that was not there", { unavailableCount: 1 }, true, true],
])("%s is news or not, good or bad", (_, evidence, isNews, isBad) => {
  const tally = createTally(0);
  tally.add(0, evidence);
  expect([tally.hasNews(), tally.hasBadNews()]).toEqual([isNews, isBad]);
});
