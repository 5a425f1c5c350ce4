import { expect, test } from "vitest";
import { CONTROL_PLANE_REQUESTS_PER_SECOND, createControlPlane } from "./control-plane.ts";
import { createSteppedClock } from "./fakes/stepped-clock.ts";

test("an account's control plane takes so many requests in any second, and refused ones count for nothing", async () => {
  const clock = createSteppedClock();
  const controlPlane = createControlPlane(clock);
  const admittedOf = (count: number) =>
    Array.from({ length: count }, () => controlPlane.admit()).filter((refusal) => refusal === undefined)
      .length;
  expect(admittedOf(5)).toBe(5);
  await clock.advance(600);
  expect(admittedOf(100)).toBe(CONTROL_PLANE_REQUESTS_PER_SECOND - 5);
  expect(controlPlane.admit()).toMatchObject({ kind: "refused", error: "TooManyRequestsException" });
  await clock.advance(399);
  expect(admittedOf(1)).toBe(0);
  await clock.advance(1);
  expect(admittedOf(100)).toBe(5);
  await clock.advance(600);
  expect(admittedOf(100)).toBe(CONTROL_PLANE_REQUESTS_PER_SECOND - 5);
});
