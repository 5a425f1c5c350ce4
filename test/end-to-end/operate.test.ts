import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sluiceCommand } from "../support/sluice-command.ts";
import { type StartedCommand, startCommand } from "../support/start-command.ts";

/** Where this run, and no other on this machine, leaves what it leaves. */
let folder: string;
let local: StartedCommand;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "operate-"));
  local = startCommand(["--records", "40", "--keep", "--json", "--seed", "7"], { TMPDIR: folder });
  await local.printed(/Staying up/);
}, 120_000);
afterAll(async () => {
  local.process.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

const sluice = (line: string, input?: string) => sluiceCommand(line.split(" "), { TMPDIR: folder }, input);
const jsonOf = async (line: string) => JSON.parse((await sluice(`${line} --json`)).stdout);

test("the command finds the cloud that runs here, and operates it", async () => {
  expect(await jsonOf("status")).toMatchObject([{ providerId: "demo", phase: "closed", urgency: "flowing" }]);

  const enqueued = await sluice("enqueue - --run by-hand --express --wait", "one\ntwo\n");
  expect(enqueued).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/2 enqueued[\s\S]*^fetched +2$/m),
  });
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
