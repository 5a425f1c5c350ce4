import { createCipheriv, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { SecretReading } from "../fakes/read-secret.ts";
import { providerVariable } from "../fakes/worker-harness.ts";

const SLUICE_PROVIDER = providerVariable(
  { slowAfterMs: 50, timeoutMs: 100 },
  { secrets: ["ApiToken", "Absent"] },
);

/** Reads a secret in a worker with this environment. */
async function read(name: string, variables: Readonly<Record<string, string>>): Promise<SecretReading> {
  const thread = new Worker(new URL("../fakes/read-secret.ts", import.meta.url), {
    workerData: name,
    env: { SLUICE_PROVIDER, ...variables },
    execArgv: [],
  });
  const [reading] = await once(thread, "message");
  return reading;
}

test("reads a secret out of the environment", async () => {
  const reading = await read("ApiToken", { SST_RESOURCE_ApiToken: '{"value":"s3cr3t"}' });
  expect(reading).toEqual({ kind: "read", value: "s3cr3t" });
});

test("reads a secret as SST deploys it: encrypted, with its key in the environment", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-secret-"));
  const key = randomBytes(32);
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12));
  const links = JSON.stringify({ ApiToken: { value: "s3cr3t", type: "sst.sst.Secret" } });
  const file = join(folder, "resource.enc");
  await writeFile(file, Buffer.concat([cipher.update(links), cipher.final(), cipher.getAuthTag()]));
  const reading = await read("ApiToken", { SST_KEY: key.toString("base64"), SST_KEY_FILE: file });
  expect(reading).toEqual({ kind: "read", value: "s3cr3t" });
  await rm(folder, { recursive: true });
});

test("says how to set a secret that is missing, in the stage that the worker is deployed to", async () => {
  const SST_RESOURCE_App = '{"name":"sluice","stage":"demo-staging"}';
  expect(await read("Absent", { SST_RESOURCE_App })).toMatchObject({
    kind: "refused",
    code: "environment-invalid",
    message: [
      "The worker has no secret Absent:",
      "  npx sst secret set Absent <value> --stage demo-staging",
      "  npx sst deploy --stage demo-staging",
    ].join("\n"),
  });
});

test("without a stage, the provider's own is named", async () => {
  expect(await read("Absent", {})).toMatchObject({
    message: expect.stringContaining("npx sst secret set Absent <value> --stage demo\n"),
  });
});

test("says so if the definition does not name the secret", async () => {
  expect(await read("Other", {})).toMatchObject({
    message: expect.stringContaining("  name it under worker.secrets in demo.json\n"),
  });
});

test.each(['{"value":""}', "{}", '{"value":7}', "null"])("%s is no secret", async (SST_RESOURCE_ApiToken) => {
  expect(await read("ApiToken", { SST_RESOURCE_ApiToken })).toMatchObject({ code: "environment-invalid" });
});

test.each<[what: string, variables: Readonly<Record<string, string>>]>([
  ["is not JSON", { SST_RESOURCE_ApiToken: "s3cr3t" }],
  ["can't be decrypted", { SST_KEY: "s3cr3t", SST_KEY_FILE: "/nowhere/resource.enc" }],
])("a secret that %s is missing, and nothing of it is told", async (_, variables) => {
  const reading = await read("ApiToken", variables);
  expect(reading).toMatchObject({ kind: "refused", code: "environment-invalid" });
  expect(JSON.stringify(reading)).not.toContain("s3cr3t");
});
