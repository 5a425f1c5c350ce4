import { expect, test, vi } from "vitest";
import { startChaos } from "./chaos.ts";

test("kills until its time is up, and counts those that were busy", async () => {
  const killOne = vi.fn(async () => ({ kind: "killed", environmentId: "one", wasBusy: true }) as const);
  const chaos = startChaos({ killOne }, ["ventilator", "worker"], 1, 50);
  await vi.waitFor(() => expect(killOne).toHaveBeenCalled());
  await chaos.ended;
  expect(chaos.killCount).toBe(killOne.mock.calls.length);
});
