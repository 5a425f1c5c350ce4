import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findRunningClouds, noteRunningCloud, type RunningCloud } from "./running-cloud.ts";

let folder: string;
let server: Server;
let cloud: RunningCloud;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "running-test-"));
  server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${Object(address).port}`;
  const endpoints = { sqs: url, dynamodb: url, lambda: url };
  cloud = { endpoints, environment: "localabc", providerId: "demo", pid: process.pid, startedAtMs: 5 };
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** Leaves a note as another process would. */
async function leave(name: string, note: unknown): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, "running-cloud.json"), JSON.stringify(note));
}

test("a cloud that runs is found until its note is taken away", async () => {
  const note = noteRunningCloud(cloud);
  expect(await findRunningClouds()).toContainEqual(cloud);
  note.remove();
  expect(await findRunningClouds()).not.toContainEqual(cloud);
});

test("the one that was started last comes first", async () => {
  await leave("sluice-a", cloud);
  await leave("sluice-b", { ...cloud, environment: "later", startedAtMs: 6 });
  expect((await findRunningClouds(folder)).map(({ environment }) => environment)).toEqual([
    "later",
    "localabc",
  ]);
});

test("a stale note is no cloud: its process has died, or nobody listens", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  await leave("sluice-dead", { ...cloud, pid });
  const deaf = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => deaf.once("listening", resolve));
  const dynamodb = `http://127.0.0.1:${Object(deaf.address()).port}`;
  await new Promise((resolve) => deaf.close(resolve));
  await leave("sluice-deaf", { ...cloud, endpoints: { ...cloud.endpoints, dynamodb } });
  expect(await findRunningClouds(folder)).toEqual([]);
});

test.each([
  ["broken", "{"],
  ["of another host", { sqs: "http://example.com:80" }],
])("a note that is %s is none", async (_, endpoints) => {
  await leave("sluice-odd", { ...cloud, endpoints });
  await leave("other-folder", cloud);
  expect(await findRunningClouds(folder)).toEqual([]);
});
