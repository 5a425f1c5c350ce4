import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLambda, type Lambda } from "./lambda.ts";

let folder = "";
let lambda: Lambda;
const crashes: { functionName: string; payload: string }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-crash-"));
  lambda = createLambda({
    clock: systemClock,
    ids: systemIds,
    account: { region: "us-east-1", accountId: "000000000000" },
    onLog: () => {},
    onCrash: (functionName, payload) => crashes.push({ functionName, payload }),
  });
});
afterAll(async () => {
  await lambda.stop();
  await rm(folder, { recursive: true });
});

async function deploy(name: string, code: string): Promise<void> {
  const bundlePath = join(folder, `${name}.mjs`);
  await writeFile(bundlePath, code);
  lambda.deploy({ name, bundlePath, timeoutMs: 5_000, memoryMb: 128, environment: {} });
}

test.each([
  ["a bundle that can't be loaded", "load", `throw new Error("boom at load");`, "boom at load"],
  ["an exit", "exit", `export const handler = () => process.exit(3);`, "exit status 3"],
  [
    "an error that nobody catches",
    "uncaught",
    `export const handler = () => new Promise(() => setImmediate(() => { throw new Error("late boom"); }));`,
    "late boom",
  ],
])("%s is a crash, whose payload tells why", async (_, name, code, why) => {
  await deploy(name, code);
  await lambda.invoke(name, "{}");
  const payloads = crashes.filter(({ functionName }) => functionName === name).map(({ payload }) => payload);
  expect(payloads).toEqual([expect.stringContaining(why)]);
});

test("neither an error of the handler nor a kill is a crash", async () => {
  await deploy("throws", `export const handler = () => { throw new Error("no luck"); };`);
  expect(await lambda.invoke("throws", "{}")).toMatchObject({ kind: "function-error" });
  await deploy("waits", `export const handler = () => new Promise(() => {});`);
  const call = lambda.invoke("waits", "{}");
  await expect.poll(async () => (await lambda.killOne("waits", 0)).kind).not.toBe("nothing-to-kill");
  expect(await call).toMatchObject({ kind: "function-error" });
  expect(crashes.map(({ functionName }) => functionName)).not.toContain("throws");
  expect(crashes.map(({ functionName }) => functionName)).not.toContain("waits");
});
