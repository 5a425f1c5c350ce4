import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type LambdaHarness, startLambdaHarness } from "@sluice/testing/lambda-harness";
import { afterAll, beforeAll, expect, test } from "vitest";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

let harness: LambdaHarness;
beforeAll(async () => {
  harness = await startLambdaHarness();
});
afterAll(() => harness.stop());

test("an execution environment keeps nothing of the calls that it has ended", async () => {
  const { lambda } = harness.service;
  const [calls, answerBytes] = [1_000, 10_000];
  await harness.deploy("large", `export const handler = async () => "x".repeat(${answerBytes});`);
  const call = async (times: number) => {
    for (let call = 0; call < times; call += 1) await lambda.invoke("large", "{}");
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const beforeBytes = await call(100);
  const afterBytes = await call(calls);
  expect(lambda.stats().get("large")).toMatchObject({ environmentCount: 1, coldStartCount: 1 });
  expect(afterBytes - beforeBytes).toBeLessThan((calls * answerBytes) / 10);
});
