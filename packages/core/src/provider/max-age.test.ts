import { demoProvider } from "@sluice/testing/demo-provider";
import { expect, test } from "vitest";

test("a lane may have a most age, and the other none", () => {
  expect(demoProvider({ maxAgeMs: { express: 60_000 } }).maxAgeMs).toEqual({ express: 60_000 });
  expect(demoProvider()).not.toHaveProperty("maxAgeMs");
});

test.each([
  [{ records: 999 }, "maxAgeMs.records must be a whole number from 1000 to 1209600000, received 999"],
  [{ bulk: 60_000 }, "maxAgeMs.bulk is not an option"],
  [60_000, "maxAgeMs must be an object, received 60000"],
])("an age that can't be is refused: %j", (maxAgeMs, problem) => {
  expect(() => demoProvider({ maxAgeMs: maxAgeMs as never })).toThrow(problem);
});
