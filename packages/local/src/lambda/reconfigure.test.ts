import { type LambdaHarness, startLambdaHarness } from "@sluice/testing/lambda-harness";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { reconfigure } from "./reconfigure.ts";

let harness: LambdaHarness;
beforeAll(async () => {
  harness = await startLambdaHarness();
});
afterAll(() => harness.stop());

const COLOURFUL = `export const handler = ({ waitMs }) =>
  new Promise((resolve) => setTimeout(() => resolve(process.env.COLOUR + " " + process.env.SIZE), waitMs));`;

test("later calls see the new settings, and calls under way end in environments with the old ones, which then go", async () => {
  const { lambda } = harness.service;
  const stats = () => lambda.stats().get("colourful");
  await harness.deploy("colourful", COLOURFUL, { environment: { COLOUR: "blue", SIZE: "9" } });
  expect((await harness.invoke("colourful", { waitMs: 0 })).answer).toBe("blue 9");
  const old = harness.invoke("colourful", { waitMs: 1_000 });
  await vi.waitFor(() => expect(stats()?.runningCount).toBe(1));
  reconfigure(lambda, "colourful", { timeoutMs: 20_000, environment: { COLOUR: "red" } });
  expect(stats()).toMatchObject({ environmentCount: 0, retiringCount: 1, runningCount: 1 });
  expect(lambda.find("colourful")).toMatchObject({ timeoutMs: 20_000, memoryMb: 128 });
  expect((await harness.invoke("colourful", { waitMs: 0 })).answer).toBe("red 9");
  expect((await old).answer).toBe("blue 9");
  await vi.waitFor(() =>
    expect(stats()).toMatchObject({ environmentCount: 1, retiringCount: 0, runningCount: 0 }),
  );
});

test("a function that is not there stays away", () => {
  const { lambda } = harness.service;
  reconfigure(lambda, "nobody", { memoryMb: 256 });
  expect(lambda.find("nobody")).toBeUndefined();
});
