import { expect, test } from "vitest";
import { misconfigurationOf } from "./client-misconfigured.ts";

test("an error that names the setting already is that error, however many parts pass it on", () => {
  const told = misconfigurationOf(new Error("Region is missing"));
  expect(told).toBeDefined();
  expect(misconfigurationOf(told)).toBe(told);
});
