import type { DeploymentReader, Reading } from "@sluice/core/ports";
import { beforeEach, describe, expect, test } from "vitest";
import { createDesk, type Desk } from "../fakes/desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = createDesk();
  const { history, provider } = desk.access;
  await history.putContract(provider);
  const none = { visibleCount: 0, inFlightCount: 0 };
  const counts = { okCount: 0, slowCount: 0, faultCount: 0, throttledCount: 0, rejectedCount: 0 };
  await history.append({
    atMs: desk.harness.clock.nowMs(),
    phase: "closed",
    limit: 3,
    maxConcurrency: 3,
    inFlightCount: 0,
    queued: { records: none, express: none },
    deadLetterCount: 0,
    outcomes: { ...counts, unavailableCount: 0, lnLatencySum: 0, lnLatencySquareSum: 0 },
  });
});

/** Puts other answers of the deployment in place of the good ones. */
function answer(changes: Partial<DeploymentReader>): void {
  Object.assign(desk.access.deployed, changes);
}

const DENIED: Reading<never> = {
  kind: "denied",
  permission: "cloudwatch:DescribeAlarms",
  cause: "no\u001b[2J",
};
const SILENCED = { answers: [], variables: { NO_COLOR: "1" } };

describe("doctor", () => {
  test("of a provider that is as it should be is fine: a check a line in a pipe", async () => {
    const { code, out } = await desk.type("doctor");
    expect(code).toBe(0);
    const rows = out
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => line.split("\t"));
    expect(rows).toHaveLength(12);
    for (const row of rows)
      expect(row).toEqual(["demo", expect.any(String), "good", ...Array(4).fill(expect.any(String))]);
  });

  test("tells people the verdict first, then each check with what it read and why", async () => {
    const { out } = await desk.type("doctor", SILENCED);
    expect(out).toMatch(
      /^demo in localtest, on this machine: well, 12 checks are good\n {2}good +queues +all three/,
    );
    expect(out).toMatch(/read the attributes of the three queues: a message that is visible too soon/);
  });

  test("of one that is not is bad news, with the likely cause first and the command that mends it", async () => {
    answer({ mapping: async () => ({ kind: "read", value: undefined }) });
    desk.harness.clock.advance(10 * 60_000);
    const { code, out } = await desk.type("doctor", SILENCED);
    expect(code).toBe(1);
    expect(out).toMatch(
      /: bad news\. waker: its last round was 10 minutes ago, which may be the cause of 1 more\n/,
    );
    expect(out).toMatch(
      / {2}BAD +mappings +records has no mapping; express has no mapping\n.*\n +next: npm start -- --keep\n/,
    );
    const [{ isWell, cause, findings }] = JSON.parse((await desk.type("doctor --json")).out);
    expect([isWell, cause]).toEqual([false, "waker"]);
    expect(findings).toContainEqual({
      check: "mappings",
      kind: "bad",
      reads: expect.any(String),
      why: expect.any(String),
      found: "records has no mapping; express has no mapping",
      mend: "npm start -- --keep",
    });
  });

  test("of what may not be read is no bad news: it names the permission, and prints nothing that a terminal obeys", async () => {
    answer({ alarms: async () => DENIED });
    const { code, out } = await desk.type("doctor", SILENCED);
    expect(code).toBe(0);
    expect(out).toMatch(/well, 11 checks are good, 1 not checked\n/);
    expect(out).toMatch(/not checked +alarms +no\\u\{1b\}\[2J\n.*\n +needs: cloudwatch:DescribeAlarms\n/);
    expect((await desk.type("doctor")).out).toMatch(
      /^demo\talarms\tnot-checked\tno.*\tcloudwatch:DescribeAlarms$/m,
    );
  });

  test("says of what the embedded cloud has not that it has not", async () => {
    answer({ alarms: async () => ({ kind: "not-here" }) });
    const { code, out } = await desk.type("doctor");
    expect(code).toBe(0);
    expect(out).toMatch(/^demo\talarms\tnot-here\tnot on the embedded cloud\t/m);
  });
});
