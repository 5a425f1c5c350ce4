import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { tableNamed } from "@sluice/core/deployment";
import { createHistoryStore } from "@sluice/core/storage";
import { createTable, startDynamoDb } from "@sluice/local/cloud";
import { demoProvider } from "@sluice/testing/demo-provider";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** A folder with the package alone, unpacked, where nothing of this repository is in sight. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "packed-"));
  await run("npm", ["run", "build:cli", "--silent"], { cwd: ROOT });
  await run("npm", ["pack", "--silent", "--pack-destination", folder, "-w", "@sluice/cli"], { cwd: ROOT });
  const [tarball = ""] = await readdir(folder);
  await run("tar", ["-xzf", tarball], { cwd: folder });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

const bin = () => join(folder, "package/bin/sluice.mjs");
const env = () => ({
  PATH: process.env.PATH,
  TMPDIR: folder,
  AWS_REGION: "eu-central-1",
  AWS_EC2_METADATA_DISABLED: "true",
});

async function sluice(...args: readonly string[]) {
  return run(process.execPath, [bin(), ...args], { env: env(), cwd: folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

test("the command runs from its package alone", async () => {
  expect(await sluice("--help")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}dead +/m) });
  expect(await sluice("status", "--provider", "acme")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Could not load credentials from any providers\. Set AWS_ACCESS_KEY_ID/),
  });
});

test("it has no catalog, and says that a provider has to be named", async () => {
  for (const verb of ["status", "holds", "decisions"]) {
    expect(await sluice(verb)).toMatchObject({
      code: 2,
      stderr: "Say which provider: --provider <id>. Nothing runs on this machine that could be meant\n",
    });
  }
});

test("it serves the page, which is inside it", async () => {
  const dynamoDb = await startDynamoDb();
  const keys = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
  const credentials = { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY };
  const client = new DynamoDBClient({ endpoint: dynamoDb.url, region: "eu-central-1", credentials });
  const table = { client, name: "sluice-production-demo" };
  await createTable(client, tableNamed(table.name));
  await createHistoryStore(table, "demo", Date.now).putContract(demoProvider());
  const command = spawn(process.execPath, [bin(), "console", "--provider", "demo"], {
    env: { ...env(), ...keys, AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url },
    cwd: folder,
  });
  const ended = once(command, "exit");
  try {
    const [url] = await once(command.stdout.setEncoding("utf8"), "data");
    const welcome = await fetch(url.trim(), { redirect: "manual" });
    const cookie = welcome.headers.get("set-cookie")?.split(";")[0] ?? "";
    const get = (path: string) => fetch(new URL(path, url.trim()), { headers: { cookie } });
    const html = await (await get("/")).text();
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path);
    expect(files.toSorted()).toEqual(["/page.css", "/page.js"]);
    expect(await (await get("/page.js")).text()).toContain("Decisions and orders");
    expect(await (await get("/page.css")).text()).toContain(".event");
    expect(await (await get("/api/providers")).json()).toEqual(["demo"]);
  } finally {
    command.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    client.destroy();
    await dynamoDb.stop();
  }
}, 60_000);
