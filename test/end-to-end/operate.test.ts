import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { namesOf } from "@sluice/core/provider";
import { findRunningClouds } from "@sluice/local/running-cloud";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sluiceCommand } from "../support/sluice-command.ts";
import { type StartedCommand, startCommand } from "../support/start-command.ts";

/** Where this run, and no other on this machine, leaves what it leaves. */
let folder: string;
let local: StartedCommand;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "operate-"));
  const weather = join(folder, "weather.json");
  await writeFile(weather, JSON.stringify({ name: "some unknown", provider: { rejectedRatio: 0.2 } }));
  const options = ["--records", "40", "--keep", "--json", "--seed", "7", "--weather", weather];
  local = startCommand(options, { TMPDIR: folder });
  await local.printed(/Staying up/);
}, 120_000);
afterAll(async () => {
  local.process.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

const sluice = (line: string, input?: string) => sluiceCommand(line.split(" "), { TMPDIR: folder }, input);
const jsonOf = async (line: string) => JSON.parse((await sluice(`${line} --json`)).stdout);

test("the run says how it is looked at, and the command that it prints works", async () => {
  const [, page] = /^The page +(http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)$/m.exec(local.stderrSoFar()) ?? [];
  const door = await fetch(page ?? "", { redirect: "manual" });
  expect(door.headers.get("set-cookie"), "the address lets a browser in").toMatch(/^sluice-/);
  const [, line = ""] = /^To steer +npx sluice (.+)$/m.exec(local.stderrSoFar()) ?? [];
  expect(await jsonOf(line)).toMatchObject([{ providerId: "demo" }]);
});

test("the command finds the cloud that runs here, and operates it", async () => {
  expect(await jsonOf("status")).toMatchObject([{ providerId: "demo", phase: "closed", urgency: "flowing" }]);
  // The waker's next round counts what came after its last.
  await vi.waitFor(
    async () => {
      const [{ progress }] = await jsonOf("status");
      expect(progress).toMatchObject({ today: { isWhole: true }, openRuns: { count: 0 } });
      // A few of its records are asked for by an express run, too, and fetched for that one.
      const { fetched, fetchedBefore } = (await jsonOf("runs show tonight")).counts;
      expect(progress.today.fetchedCount).toBeGreaterThan(0.8 * fetched);
      expect(progress.today.fetchedCount).toBeLessThanOrEqual(fetched + fetchedBefore);
    },
    { timeout: 90_000, interval: 1_000 },
  );

  const enqueued = await sluice("enqueue - --run by-hand --express --wait", '["one",\n"two"]\n');
  expect(enqueued).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/2 enqueued[\s\S]*^fetched +2$/m),
  });
  expect(await jsonOf("runs")).toMatchObject([
    { runId: "by-hand", lane: "express", state: "completed", counts: { fetched: 2 } },
    { lane: "express", accepted: 2 },
    { runId: "tonight", lane: "records", accepted: 40 },
  ]);
  expect(await jsonOf("runs show by-hand")).toMatchObject({ state: "completed", counts: { fetched: 2 } });

  expect(await sluice("hold --reason maintenance --for 10m --yes")).toMatchObject({ code: 0 });
  await sluice("enqueue - --run held", "three\nfour\n");
  expect(await jsonOf("status")).toMatchObject([
    { urgency: "shut", orders: { hold: { reason: "maintenance" } } },
  ]);
  expect(await sluice("runs wait held --timeout 3s")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^open +2$/m),
  });
  expect(await sluice("runs cancel held --reason wrong --yes")).toMatchObject({ code: 0 });
  expect(await sluice("resume --yes")).toMatchObject({ code: 0 });
  expect(await jsonOf("runs show held")).toMatchObject({ state: "cancelled" });

  expect(await sluice("pin 2 --reason less --for 10m --yes")).toMatchObject({ code: 0 });
  expect(await jsonOf("status")).toMatchObject([{ limit: 2, orders: { pin: { limit: 2 } } }]);
  expect(await sluice("resume --ends pin --yes")).toMatchObject({ code: 0 });

  const { stdout } = await sluice("decisions --kind order");
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split("\t")[2]),
  ).toEqual([
    expect.stringMatching(/^held until .*: maintenance$/),
    expect.stringMatching(/^cancelled run held by /),
    expect.stringMatching(/^resumed \(hold\)/),
    expect.stringMatching(/^pinned to limit 2/),
    expect.stringMatching(/^resumed \(pin\)/),
  ]);
  expect(await sluice("probe --yes")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/nothing to probe/),
  });
}, 240_000);

test("the doctor examines it: what is here of AWS is checked, what is not is said to be none", async () => {
  const examined = await sluice("doctor --json");
  const [{ findings, isWell }] = JSON.parse(examined.stdout);
  const kinds = findings.map(({ check, kind }: { check: string; kind: string }) => [check, kind]);
  expect(kinds, examined.stdout).toEqual([
    ["queues", "good"],
    ["contract", "good"],
    ["permissions", "not-here"],
    ["concurrency", "not-here"],
    ["waker", "good"],
    ["mappings", "good"],
    ["own-side", "good"],
    ["holds", "good"],
    ["messages", "good"],
    ["dead-letters", "good"],
    ["alarms", "not-here"],
    ["clock", "good"],
  ]);
  expect([isWell, examined.code]).toEqual([true, 0]);
  expect((await sluice("doctor")).stdout).toMatch(/^demo\talarms\tnot-here\tnot on the embedded cloud\t/m);
}, 60_000);

test("dead letters are looked at, put back, and come to their end again; dropped they are gone", async () => {
  const lettersNow = async () => {
    const { letters } = await jsonOf("dead list --letters");
    return letters.toSorted((one: Letter, other: Letter) =>
      one.message.recordId < other.message.recordId ? -1 : 1,
    );
  };
  const before = await lettersNow();
  expect(before.length).toBeGreaterThan(1);
  expect(await jsonOf("dead list")).toMatchObject({ isComplete: true, groups: [{ count: before.length }] });
  const [{ id, message }] = before;
  expect(await sluice(`dead show ${id}`)).toMatchObject({ stdout: expect.stringMatching(/^cause +.*404/m) });

  expect(await sluice(`dead redrive ${message.recordId} --yes`)).toMatchObject({
    code: 0,
    stdout: "1 is back in its lane\n",
  });
  const ids = (letters: readonly Letter[]) => letters.map((letter) => letter.message.recordId);
  await vi.waitFor(async () => expect(ids(await lettersNow())).toEqual(ids(before)), {
    timeout: 60_000,
    interval: 500,
  });
  const [again] = await lettersNow();
  expect(again.id).not.toBe(id);
  expect(again.message).toEqual(message);

  expect(await sluice("dead redrive --all --rate 50 --yes --json")).toMatchObject({ code: 0 });
  await vi.waitFor(async () => expect(ids(await lettersNow())).toEqual(ids(before)), {
    timeout: 60_000,
    interval: 500,
  });
  expect(await sluice("dead drop --all --reason unknown --yes")).toMatchObject({ code: 0 });
  expect(await lettersNow()).toEqual([]);
  expect(await sluice("dead redrive --all --yes")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^No dead letter/),
  });
}, 180_000);

interface Letter {
  readonly id: string;
  readonly message: { readonly recordId: string };
}

test("the doctor finds a mapping that somebody has deleted", async () => {
  const [cloud] = await findRunningClouds(folder);
  if (cloud === undefined) throw new Error("no cloud runs here");
  const names = namesOf(cloud.environment, cloud.providerId);
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const place = { region: "us-east-1", credentials };
  const lambda = new LambdaClient({ ...place, endpoint: cloud.endpoints.lambda });
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: names.ventilator }),
  );
  const express = EventSourceMappings.find(({ EventSourceArn }) => EventSourceArn?.includes("express"));
  await lambda.send(new DeleteEventSourceMappingCommand({ UUID: express?.UUID }));
  await vi.waitFor(
    async () => {
      const { code, stdout } = await sluice("doctor");
      expect(stdout).toMatch(/^demo\tmappings\tbad\t.*express has no mapping\t.*\tnpm start -- --keep$/m);
      expect(code).toBe(1);
    },
    { timeout: 60_000, interval: 500 },
  );
}, 120_000);

test("when it ends nothing is left of it, and the command says how to start another", async () => {
  local.process.kill("SIGINT");
  await local.ended;
  expect((await readdir(folder)).filter((name) => name.startsWith("sluice-"))).toEqual([]);
  expect(await sluice("status --environment local")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^No cloud runs on this machine: npm start/),
  });
}, 60_000);
