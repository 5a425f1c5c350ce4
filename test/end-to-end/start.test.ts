import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand, startCommand } from "../support/start-command.ts";

const RUN_TIMEOUT_MS = 300_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-start-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("a run", { timeout: RUN_TIMEOUT_MS }, () => {
  test("fetches every record of a file once, says what it left out, and exits 0", async () => {
    const good = Array.from({ length: 150 }, (_, index) => `record-${index}`);
    const odd = ["", "Record-1", "🦆", "a/b#c", "..", "x".repeat(900), "x".repeat(1_025)];
    const path = await fileWith(
      "mixed.ndjson",
      [...good, ...odd, "record-7"].map((id) => JSON.stringify(id)).join("\n"),
    );
    const { code, stdout, stderr } = await runCommand(["--input", path, "--json"]);
    const report = JSON.parse(stdout);
    expect(report, stderr).toMatchObject({
      accepted: 155,
      duplicatesInRun: 1,
      rejectedInput: 2,
      stillQueued: 0,
      duplicateFetches: 0,
      crashWindowFetches: 0,
      limit: 10,
      verdict: "ok",
      broken: [],
    });
    expect(report.fetched + report.deadLettered).toBe(155);
    expect(report.maxInFlight).toBeLessThanOrEqual(10);
    expect(code).toBe(0);
  });

  test("takes records from standard input", async () => {
    const command = startCommand(["--input", "-", "--json"]);
    await command.printed(/^Reading standard input to its end$/m);
    command.process.stdin?.end('[\n  "a",\n  { "id": "b" }\n]\n');
    const { code, stdout, stderr } = await command.ended;
    expect(stderr).toContain("Fetching standard input from demo");
    expect(JSON.parse(stdout), stderr).toMatchObject({ accepted: 2, stillQueued: 0, verdict: "ok" });
    expect(code).toBe(0);
  });

  test("ends when its input fails on the way, and says which", async () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `record-${index}`);
    const path = await fileWith("failing.txt", ids.join("\n"));
    const command = startCommand(["--input", path]);
    await command.printed(/^/);
    const reading = command.process.stdout;
    reading?.once("data", () => void writeFile(path, ""));
    const { code, stderr } = await command.ended;
    expect(stderr).toContain(`Record file ${path}: is empty: it holds no record`);
    expect(code).toBe(2);
  });

  test("a worker that can't be loaded: why, where more is told, and no verdict of ok", async () => {
    const demo = JSON.parse(await readFile("packages/core/src/provider/catalog/demo.json", "utf8"));
    const environment = { ...demo.worker.environment, ERROR_PERCENTAGE: "lots" };
    const path = await fileWith(
      "crashing.json",
      JSON.stringify({ ...demo, worker: { ...demo.worker, environment } }),
    );
    const command = startCommand(["--provider", path, "--records", "20", "--json"]);
    await command.printed(/-worker crashes: .*ERROR_PERCENTAGE.*\(at .*\.ts:\d+:\d+\)+\n.* is in \S+$/m);
    command.process.kill("SIGINT");
    const { code, stdout, stderr } = await command.ended;
    expect(JSON.parse(stdout), stderr).toMatchObject({
      fetched: 0,
      verdict: "interrupted",
      crashes: [{ text: expect.stringContaining("ERROR_PERCENTAGE") }],
    });
    expect(code).toBe(130);
    const [, logFile = ""] = /functions printed is in (\S+)/.exec(stderr) ?? [];
    expect(await readFile(logFile, "utf8")).toContain("ERROR_PERCENTAGE");
    await rm(dirname(logFile), { recursive: true });
  });

  test("an input of which nothing can be accepted is no success", async () => {
    const path = await fileWith("rejected.json", '[7, { "no": "id" }]');
    const { code, stdout, stderr } = await runCommand(["--input", path, "--json"]);
    expect(JSON.parse(stdout), stderr).toMatchObject({
      accepted: 0,
      rejectedInput: 2,
      verdict: "nothing-accepted",
    });
    expect(code).toBe(2);
  });

  test("two at the same time don't disturb each other, each within its own limit", async () => {
    const ends = await Promise.all([
      runCommand(["--records", "40", "--max-concurrency", "2", "--json"]),
      runCommand(["--records", "40", "--max-concurrency", "1", "--json"]),
    ]);
    expect(ends.map(({ stdout }) => JSON.parse(stdout))).toMatchObject([
      { accepted: 40, limit: 2, verdict: "ok" },
      { accepted: 40, limit: 1, maxInFlight: 1, verdict: "ok" },
    ]);
  });

  test("dead-letters what the weather makes hopeless, and retries what it doesn't", async () => {
    const weather = {
      name: "foul",
      provider: { poisonRatio: 0.1, rejectedRatio: 0.1, faultRatio: [[0, 0.1]] },
    };
    const path = await fileWith("foul.json", JSON.stringify(weather));
    const { code, stdout, stderr } = await runCommand([
      ...["--records", "150", "--weather", path, "--pace", "1", "--json"],
    ]);
    const report = JSON.parse(stdout);
    expect(report, stderr).toMatchObject({ accepted: 150, verdict: "ok" });
    expect(report.deadLettered).toBeGreaterThan(10);
    expect(report.attempts).toBeGreaterThan(150 + report.deadLettered);
    expect(code).toBe(0);
  });

  test("Ctrl-C stops it cleanly, and says what is left", async () => {
    const command = startCommand(["--records", "100000", "--json"]);
    await command.printed(/fetched [1-9]/);
    command.process.kill("SIGINT");
    const { code, stdout } = await command.ended;
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ interrupted: true, verdict: "interrupted", broken: [] });
    expect(report.stillQueued).toBeGreaterThan(0);
    expect(report.fetched).toBeGreaterThan(0);
    expect(code).toBe(130);
  });
});

describe("what can't be run is refused before anything is enqueued", () => {
  test("a wrong option: what is wrong with it, how to get help, and exit code 2", async () => {
    const { code, stdout, stderr } = await runCommand(["--fast"]);
    expect(stderr).toBe("error: unknown option '--fast'\n(npm start -- --help lists the options)\n");
    expect([code, stdout]).toEqual([2, ""]);
  });

  test.each<[string, string, string, RegExp]>([
    ["a CSV without an id column", "a.csv", "name,age\nx,1\n", /a\.csv.*id/],
    ["a broken NDJSON line", "b.ndjson", '"ok"\n{"id":\n', /b\.ndjson.*2/],
    ["an empty file", "c.txt", "", /c\.txt.*(empty|no records)/],
  ])("%s: exit code 2, file and line", async (_, name, text, message) => {
    const { code, stdout, stderr } = await runCommand(["--input", await fileWith(name, text), "--json"]);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, ""]);
  });

  test("a missing file, an unknown provider, a weather that is none", async () => {
    const missing = await runCommand(["--input", join(folder, "missing.csv")]);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("missing.csv")]);
    const unknown = await runCommand(["--provider", "nobody"]);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("demo, slowpoke")]);
    const weather = await fileWith("weather.json", '{"provider":{"maxConcurrency":0}}');
    const foul = await runCommand(["--weather", weather]);
    expect([foul.code, foul.stderr]).toEqual([
      2,
      expect.stringMatching(/weather\.json[\s\S]*maxConcurrency.*received 0/),
    ]);
  });

  test("a weather and a page that can't be: what there is, and exit code 2", async () => {
    const foul = await runCommand(["--weather", "hurricane"]);
    expect([foul.code, foul.stderr]).toEqual([
      2,
      expect.stringMatching(/no weather hurricane.*calm, storm and/),
    ]);
    const pageless = await runCommand(["--html", join(folder, "nowhere", "page.html"), "--records", "1"]);
    expect([pageless.code, pageless.stdout, pageless.stderr]).toEqual([
      2,
      "",
      expect.stringMatching(/page\.html can't be written: its folder does not exist\n$/),
    ]);
  });

  test("--help says what there is, and exits 0", async () => {
    const { code, stdout } = await runCommand(["--help"]);
    expect(stdout).toContain("--max-concurrency");
    expect(code).toBe(0);
  });
});
