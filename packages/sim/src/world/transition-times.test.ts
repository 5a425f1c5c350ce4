import { expect, test } from "vitest";
import { transitionTimes } from "./transition-times.ts";

const valve = { updateDelaySeconds: [20, 60], overheadMs: 40 } as const;
/** Lots in turn. */
const lotsOf = (...lots: number[]) => ({ next: () => lots.shift() ?? 0 });

test("a creation takes no time, and everything else a time out of the scenario's range", () => {
  const transitionMs = transitionTimes(valve, lotsOf(0, 0.5, 0.25));
  expect(transitionMs("Creating")).toBe(0);
  expect(transitionMs("Enabling")).toBe(20_000);
  expect(transitionMs("Updating")).toBe(40_000);
  expect(transitionMs("Deleting")).toBe(30_000);
});

test("what was measured goes before the range, each state by itself", () => {
  const measured = { updateSeconds: { Enabling: [3, 5], Disabling: [11] } };
  const transitionMs = transitionTimes({ ...valve, measured }, lotsOf(0.49, 0.5, 0.99, 0.5));
  expect(transitionMs("Enabling")).toBe(3_000);
  expect(transitionMs("Enabling")).toBe(5_000);
  expect(transitionMs("Disabling")).toBe(11_000);
  expect(transitionMs("Updating")).toBe(40_000);
});
