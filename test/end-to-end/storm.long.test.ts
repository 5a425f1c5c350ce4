import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand, startCommand } from "../support/start-command.ts";

const RUN_TIMEOUT_MS = 240_000;

/** Seconds from the start to minutes of a time line. */
const minuteAt = (seconds: number) => seconds / 60;

const QUICK = { medianMs: 120, sigma: 0.4, minMs: 20, maxMs: 1_000 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-storm-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function weatherWith(name: string, provider: Record<string, unknown>): Promise<string> {
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify({ name, provider: { latency: QUICK, ...provider } }));
  return path;
}

describe("a storm", { timeout: RUN_TIMEOUT_MS }, () => {
  test("trips the breaker, is probed, and is recovered from: nothing is lost, and each decision is told", async () => {
    const outage = [
      [0, 10],
      [minuteAt(10), 0],
      [minuteAt(18), 5],
      [minuteAt(24), 10],
    ];
    const weather = await weatherWith("short-storm", { capacity: outage });
    const html = join(folder, "report.html");
    const { code, stdout, stderr } = await runCommand([
      ...["--weather", weather, "--records", "900", "--pace", "1", "--html", html, "--json"],
    ]);
    const report = JSON.parse(stdout);
    expect(report, stderr).toMatchObject({
      accepted: 900,
      stillQueued: 0,
      healthyDeadLettered: 0,
      duplicateFetches: 0,
      verdict: "ok",
      broken: [],
    });
    expect(report.trips).toBeGreaterThanOrEqual(1);
    expect(report.probes).toBeGreaterThanOrEqual(1);
    expect(report.decisions).toBeGreaterThanOrEqual(report.trips + 2 * report.probes);
    expect(report.maxInFlight).toBeLessThanOrEqual(10);
    expect(stderr).toMatch(/tripped: .* → open\n[\s\S]*open → half-open\n[\s\S]*half-open → limit 1\n/);
    expect(stderr).toMatch(/in flight {2}.* limit/);
    expect(await readFile(html, "utf8")).toMatch(/<title>Sluice[\s\S]*tripped: /);
    expect(code).toBe(0);
  });

  test("trouble made over HTTP in the middle of a run is seen by the breaker, and recovered from", async () => {
    const weather = await weatherWith("fine", {});
    const command = startCommand(["--weather", weather, "--records", "900", "--pace", "1", "--json"]);
    await command.printed(/PUT http.*\/trouble/);
    await command.printed(/fetched [1-9]/);
    const url = /http:\S+\/trouble/.exec(command.stderrSoFar())?.[0] ?? "";
    await turn(url, 100);
    await command.printed(/limit 10 → (limit [1-9]\n|open)/);
    await turn(url, 0);
    const { code, stdout, stderr } = await command.ended;
    expect(JSON.parse(stdout), stderr).toMatchObject({ accepted: 900, stillQueued: 0, verdict: "ok" });
    expect(stderr).toMatch(/(ramped|stepped) up.*→ limit \d+\n/);
    expect(code).toBe(0);
  });
});

async function turn(url: string, errorPercentage: number): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "PUT", headers, body: JSON.stringify({ errorPercentage }) });
  expect(answer.status).toBe(200);
}
