import { type ChildProcess, execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parseStartOptions, prepare, startLocalRun } from "@sluice/local/start";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closedPort } from "../support/closed-port.ts";
import { type StartedCommand, startCommand } from "../support/start-command.ts";

vi.setConfig({ testTimeout: 300_000 });

const ENDLESS = ["--records", "100000", "--json"];

let temporary: string;
let input: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "ways-out-"));
  input = await mkdtemp(join(tmpdir(), "ways-out-input-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterEach(() => Promise.all([temporary, input].map((folder) => rm(folder, { recursive: true }))));

async function requestCountAt(providerUrl: string): Promise<number> {
  const response = await fetch(`${providerUrl}/audit`);
  return JSON.parse(await response.text()).requestCount;
}

/** Starts a run whose temporary files are all in a folder of their own. */
function start(args: readonly string[], variables: Readonly<Record<string, string>> = {}): StartedCommand {
  return startCommand(args, { TMPDIR: temporary, ...variables });
}

test.each<[way: string, go: (command: ChildProcess) => unknown]>([
  ["a closed terminal", (command) => command.kill("SIGHUP")],
  ["SIGTERM", (command) => command.kill("SIGTERM")],
  ["a closed pipe", (command) => command.stderr?.destroy()],
])("a run that ends by %s leaves no file behind", async (_way, go) => {
  const command = start(ENDLESS);
  await command.printed(/^Fetching/m);
  expect(await readdir(temporary)).not.toEqual([]);
  go(command.process);
  expect((await command.ended).code).toBe(130);
  expect(await readdir(temporary)).toEqual([]);
});

test("a run that ends at once, by Ctrl-C twice, leaves no file behind", async () => {
  const weather = join(input, "hanging.json");
  const overload = { mode: "hang", exponent: 1, retryAfterSeconds: null };
  await writeFile(weather, JSON.stringify({ name: "hanging", provider: { capacity: [[0, 0]], overload } }));
  const command = start([...ENDLESS, "--weather", weather]);
  await command.printed(/PUT http.*\/trouble/);
  const [url = ""] = /http:\S+(?=\/trouble)/.exec(command.stderrSoFar()) ?? [];
  await expect.poll(() => requestCountAt(url), { timeout: 30_000 }).toBeGreaterThan(0);
  const pressing = setInterval(() => command.process.kill("SIGINT"), 200);
  const { code, stdout } = await command.ended;
  clearInterval(pressing);
  expect([code, stdout]).toEqual([130, ""]);
  expect(await readdir(temporary)).toEqual([]);
});

test("a run that waits for its input can be ended, and leaves no file behind", async () => {
  const pipe = join(input, "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  const command = start(["--input", pipe]);
  await expect.poll(() => readdir(temporary), { timeout: 30_000 }).not.toEqual([]);
  command.process.kill("SIGTERM");
  expect((await command.ended).code).toBe(143);
  expect(await readdir(temporary)).toEqual([]);
});

test("a run that can't start ends, and leaves no file behind", async () => {
  const { code, stderr } = await start(ENDLESS, { AWS_ENDPOINT_URL_DYNAMODB: await closedPort() }).ended;
  expect(stderr).toContain("ECONNREFUSED");
  expect(code).toBe(1);
  expect(await readdir(temporary)).toEqual([]);
});

test("a run leaves no file behind when all is well", async () => {
  const { code, stderr } = await start(["--records", "20", "--json"]).ended;
  expect(code, stderr).toBe(0);
  expect(await readdir(temporary)).toEqual([]);
});

/** Servers that listen in this process, and its threads. */
function runningParts(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind === "TCPServerWrap" || kind === "MessagePort");
}

test("a start that fails leaves nothing running", async () => {
  const before = runningParts();
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", await closedPort());
  const options = parseStartOptions(["--records", "1"]);
  await expect(startLocalRun(await prepare(options), options)).rejects.toThrow();
  await vi.waitFor(() => expect(runningParts()).toEqual(before));
});

test("of a run whose log is kept nothing else stays", async () => {
  vi.stubEnv("TMPDIR", temporary);
  const options = parseStartOptions(["--records", "1"]);
  const run = await startLocalRun(await prepare(options), options);
  await run.stop({ keepLogs: true });
  for (const url of [...Object.values(run.cloud.endpoints), run.providerServer.url]) {
    await expect(fetch(url), url).rejects.toThrow("fetch failed");
  }
  const files = await readdir(temporary, { recursive: true });
  expect(files.map((file) => join(temporary, file))).toEqual([dirname(run.logFile), run.logFile]);
});
