import { expect, test } from "vitest";
import { generateRecords } from "./generate-records.ts";

test("makes distinct ids that sort by their number", () => {
  const ids = [...generateRecords(1_200, "record")];
  expect(ids[0]).toBe("record-000001");
  expect(ids.at(-1)).toBe("record-001200");
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(1_200);
});

test("makes none when none are wanted", () => {
  expect([...generateRecords(0, "record")]).toEqual([]);
});
