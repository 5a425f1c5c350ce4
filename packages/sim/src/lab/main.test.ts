import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import { drawScenario } from "./draw/draw-scenario.ts";
import { recordedEvents } from "./replay/fakes/recorded-events.ts";
import type { LabResult } from "./run-case.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const OUTAGE = {
  name: "an outage",
  durationMinutes: 6,
  backlog: 1_200,
  provider: {
    maxConcurrency: 4,
    latency: { medianMs: 500, sigma: 0.5 },
    capacity: [
      [0, 4],
      [2, 0],
      [3, 4],
    ],
  },
};

const LAB_PROVIDER = {
  id: "lab",
  maxConcurrency: 4,
  slowAfterMs: 5_000,
  timeoutMs: 30_000,
  latency: { medianMs: 500, sigma: 0.5, minMs: 5, maxMs: 30_000 },
  worker: { name: "demo" },
};

/** A command takes seconds of a core, which a busy machine may grant late. */
const TIMEOUT_MS = 300_000;

describe("the lab", { timeout: TIMEOUT_MS }, () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lab-"));
    await writeFile(join(folder, "outage.json"), JSON.stringify(OUTAGE));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const lab = (...args: string[]) => promisify(execFile)(process.execPath, [MAIN, ...args], { cwd: folder });

  it("prints one result for each law and seed as JSON, the same every time, and writes its page", async () => {
    const args = [
      "--scenario",
      "outage.json",
      "--law",
      "sluice",
      "fixed",
      "--seeds",
      "2",
      "--baseline-seeds",
      "2",
      "--json",
      "--html",
      "page.html",
    ];
    const [{ stdout }, again] = await Promise.all([lab(...args), lab(...args.slice(0, -2))]);
    expect(again.stdout).toBe(stdout);
    const results: LabResult[] = JSON.parse(stdout);
    expect(results.map(({ law, seed }) => `${law} ${seed}`)).toEqual([
      "sluice 1",
      "sluice 2",
      "fixed 1",
      "fixed 2",
    ]);
    for (const { scenario, goodput, boundViolations, billable, usdPerMillionRecords } of results) {
      expect(scenario).toBe("an outage");
      expect(goodput).toBeGreaterThan(0.5);
      expect(goodput).toBeLessThanOrEqual(1);
      expect(boundViolations).toBe(0);
      expect(billable.lambdaRequests).toBeGreaterThan(1_000);
      expect(usdPerMillionRecords).toBeGreaterThan(1);
    }
    const [ours, , uncontrolled] = results as [LabResult, LabResult, LabResult];
    expect(uncontrolled.tripSeconds).toBeGreaterThan(50);
    expect(ours.tripSeconds).toBeLessThan(uncontrolled.tripSeconds ?? 0);
    expect(ours.harm).toBeLessThan(uncontrolled.harm / 5);
    const page = await readFile(join(folder, "page.html"), "utf8");
    expect(page).toContain("Laws over all scenarios");
    expect(page).toContain("an outage");
  });

  it("prints a table for each scenario and one for the laws", async () => {
    const { stdout } = await lab("--scenario", "outage.json", "--law", "fixed", "--seeds", "1");
    expect(stdout).toMatch(/^an outage\nlaw +goodput +harm/);
    expect(stdout).toMatch(/Laws over all scenarios\nlaw +scenarios/);
  });

  it("draws scenarios from seeds, and tells quantiles and how to run the worst again", async () => {
    const args = ["--random", "2", "--from", "7", "--law", "sluice"];
    const [{ stdout }, json] = await Promise.all([lab(...args), lab(...args, "--json")]);
    expect(stdout).toMatch(/^Laws over all drawn scenarios\nlaw +scenarios +goodput p5/);
    expect(stdout).toMatch(/^random-[78] .* npm run lab -- --random 1 --from [78]$/m);
    const results: LabResult[] = JSON.parse(json.stdout);
    expect(results.map(({ scenario, law, seed }) => `${scenario} ${law} ${seed}`)).toEqual([
      "random-7 sluice 1",
      "random-8 sluice 1",
    ]);
  });

  it("shrinks a drawn scenario to one that is as bad when it is run from a file", async () => {
    const { stdout } = await lab("--shrink", "26", "--json");
    await writeFile(join(folder, "shrunk.json"), stdout);
    const again = await lab("--scenario", "shrunk.json", "--law", "sluice", "--seeds", "1", "--json");
    const [result]: LabResult[] = JSON.parse(again.stdout);
    expect(result?.scenario).toBe("random-26-shrunk");
    expect(result?.goodput).toBeLessThan(0.75);
    const { maxConcurrency } = drawScenario(26).provider;
    expect(JSON.parse(stdout).provider.maxConcurrency).toBeLessThan(maxConcurrency / 4);
  });

  it("has nothing to shrink where the law does well, and says so", async () => {
    await expect(lab("--shrink", "26", "--law", "sluice", "fixed")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("for one law"),
    });
    await expect(lab("--shrink", "1")).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/in random-1 sluice has a goodput of \S+, which is not below 0\.75/),
    });
  });

  it("replays a day from its events, says how sure it is, and saves the scenario", async () => {
    const scenario = parseScenario(OUTAGE, "a test");
    await writeFile(join(folder, "events.json"), JSON.stringify(await recordedEvents(scenario, 1)));
    await writeFile(join(folder, "lab.json"), JSON.stringify(LAB_PROVIDER));
    const replay = ["--replay", "events.json", "--provider", "lab.json", "--law", "fixed", "--seeds", "1"];
    const { stdout } = await lab(...replay, "--save", "day.json");
    expect(stdout).toMatch(/^What the events say: replay-lab-2026-01-05\npart +rebuilt +sure +because/);
    expect(stdout).toMatch(/^capacity 1\.\d min–3\.\d min +0 +bounded +a probe was answered at/m);
    expect(stdout).toMatch(/^replay-lab-2026-01-05\nlaw +goodput/m);
    const [again, json] = await Promise.all([
      lab("--scenario", "day.json", "--law", "fixed", "--seeds", "1"),
      lab(...replay, "--json"),
    ]);
    expect(stdout).toContain(again.stdout);
    expect(JSON.parse(json.stdout)).toMatchObject([{ scenario: "replay-lab-2026-01-05", law: "fixed" }]);
    expect(json.stderr).toContain("What the events say");
  });

  it("says what a replay lacks", async () => {
    await writeFile(
      join(folder, "events.json"),
      JSON.stringify(await recordedEvents(parseScenario(OUTAGE, ""), 1)),
    );
    await expect(lab("--replay", "events.json")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("give its data file, or its id in the catalog, with --provider"),
    });
    await expect(lab("--replay", "events.json", "--provider", "none.json")).rejects.toMatchObject({
      code: 2,
      stderr: "The data file none.json does not exist.\n",
    });
    await expect(lab("--replay", "none.json")).rejects.toMatchObject({
      code: 2,
      stderr: "The file of events none.json does not exist.\n",
    });
  });

  it("ends with code 2 and a sentence when it can't do what it is asked", async () => {
    await expect(lab("--law", "pid")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`no law "pid"`),
    });
    await expect(lab("--scenario", "none.json")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("none.json does not exist"),
    });
  });
});
