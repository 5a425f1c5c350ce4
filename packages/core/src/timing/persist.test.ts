import { createFakeClock } from "@sluice/testing/fake-clock";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { persist } from "./persist.ts";

/** A write that fails for its first `failures` tries, and remembers when it was tried. */
function createWrite(failures: number, error: Error = new Unreachable("DynamoDB", "down")) {
  const clock = createFakeClock(0);
  const triedAtMs: number[] = [];
  const write = async () => {
    triedAtMs.push(clock.nowMs());
    if (triedAtMs.length <= failures) throw error;
    return "written";
  };
  return { clock, triedAtMs, write };
}

test("a write that succeeds is not repeated", async () => {
  const { clock, triedAtMs, write } = createWrite(0);
  expect(await persist(clock, 60_000, write)).toBe("written");
  expect(triedAtMs).toEqual([0]);
});

test("an unreachable service is waited for, longer each time and at most two seconds", async () => {
  const { clock, triedAtMs, write } = createWrite(7);
  expect(await persist(clock, 60_000, write)).toBe("written");
  expect(triedAtMs).toEqual([0, 100, 300, 700, 1_500, 3_100, 5_100, 7_100]);
});

test("it gives up before its deadline, with the last error", async () => {
  const error = new Unreachable("DynamoDB", "down");
  const { clock, triedAtMs, write } = createWrite(Number.POSITIVE_INFINITY, error);
  await expect(persist(clock, 3_100, write)).rejects.toBe(error);
  expect(triedAtMs).toEqual([0, 100, 300, 700, 1_500]);
  expect(clock.nowMs()).toBeLessThan(3_100);
});

test("a deadline that has passed still allows one try", async () => {
  const { clock, triedAtMs, write } = createWrite(0);
  expect(await persist(clock, -1, write)).toBe("written");
  expect(triedAtMs).toHaveLength(1);
});

test("any other error is passed on at once", async () => {
  const error = new TypeError("not a row");
  const { clock, triedAtMs, write } = createWrite(1, error);
  await expect(persist(clock, 60_000, write)).rejects.toBe(error);
  expect(triedAtMs).toEqual([0]);
});
