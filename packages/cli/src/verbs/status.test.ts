import { beforeEach, describe, expect, test } from "vitest";
import { createDesk, type Desk } from "../fakes/desk.ts";

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

/** A minute that the waker has seen just now. */
async function see(changes: object = {}): Promise<void> {
  const depth = { visibleCount: 0, inFlightCount: 0 };
  await desk.access.history.append({
    atMs: desk.harness.clock.nowMs(),
    phase: "closed",
    limit: 3,
    maxConcurrency: 3,
    inFlightCount: 0,
    queued: { records: depth, express: depth },
    deadLetterCount: 0,
    outcomes: {
      okCount: 0,
      slowCount: 0,
      faultCount: 0,
      throttledCount: 0,
      rejectedCount: 0,
      unavailableCount: 0,
      lnLatencySum: 0,
      lnLatencySquareSum: 0,
    },
    ...changes,
  });
}

async function trip(): Promise<void> {
  await desk.harness.report({ faultCount: 3 });
  await desk.access.steering.breaker.look();
}

describe("status", () => {
  test("of a provider that flows is fine: a line of cells in a pipe", async () => {
    await see();
    await desk.lanes.records.send([{ groupId: "a", deduplicationId: "a", body: "a" }]);
    expect(await desk.type("status")).toEqual({
      code: 0,
      out: "demo\tclosed\t3 of 3\t0\t1\t0\t\t0\t0 fetched\t\t\t\n",
      err: "",
    });
  });

  test("of one that has tripped is bad news, with the time of the next probe", async () => {
    await see();
    await trip();
    const { code, out } = await desk.type("status");
    expect(code).toBe(1);
    expect(out).toMatch(/^demo\topen\t.*\ttripped, next probe 13:00 \(in 30 s\)\n$/);
  });

  test("is a table on a terminal, in colour unless NO_COLOR is set, and no wider than it", async () => {
    await see();
    await trip();
    const { out } = await desk.type("status", { answers: [] });
    expect(out).toMatch(/localtest, on this machine\n.*PROVIDER/);
    expect(out).toContain("\u001b[31mopen\u001b[0m");
    const plain = await desk.type("status", { answers: [], variables: { NO_COLOR: "1" }, columns: 60 });
    expect(plain.out).not.toContain("\u001b");
    for (const line of plain.out.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });

  test("tells how far the day is, what quotas have left, and what will be left over", async () => {
    const resetsAtMs = desk.harness.clock.nowMs() + 2 * 3_600_000;
    const requests = { requests: 1_000, bulkRequests: 950, usedCount: 350 };
    const day = { per: "day", ...requests, leftCount: 650, bulkLeftCount: 600, resetsAtMs } as const;
    const quotas = {
      readHeldUntilMs: async () => ({ records: 0, express: 0 }),
      readLeft: async () => [day, { per: "minute", requests: 60, leftCount: 42 } as const],
    };
    Object.assign(desk.access.steering, { quotas });
    const run = { runId: "tonight", correlationId: "tonight", lane: "records" } as const;
    const createdAtMs = desk.harness.clock.nowMs() - 3_600_000;
    await desk.runs.open({ ...run, createdAtMs, plannedCount: 2, digest: "any", isSealed: true });
    await desk.runs.watch("tonight");
    await see();
    desk.harness.clock.advance(60_000);
    const queued = {
      records: { visibleCount: 990, inFlightCount: 10 },
      express: { visibleCount: 0, inFlightCount: 0 },
    };
    const none = { faultCount: 0, throttledCount: 0, rejectedCount: 0, unavailableCount: 0 };
    const outcomes = { okCount: 10, slowCount: 2, ...none, lnLatencySum: 0, lnLatencySquareSum: 0 };
    await see({ outcomes, queued, deadLetterCount: 3 });
    const cells = (await desk.type("status")).out.trim().split("\t");
    expect(cells.slice(6)).toEqual([
      "1 h 1 min",
      "0",
      "12 fetched, 3 dead",
      "650 of 1,000 until 15:00, 42 of 60 a minute",
      "14:24",
      "the day's quota is used up 13:51 (in 50 min), then 400 records wait until its reset",
    ]);
    const [{ progress }] = JSON.parse((await desk.type("status --json")).out);
    expect(progress).toMatchObject({ forecast: { waitingCount: 400 }, openRuns: { count: 1 } });
    const { out } = await desk.type("status", { answers: [], variables: { NO_COLOR: "1" } });
    expect(out).toMatch(/^demo: the day's quota is used up/m);
  });

  test("tells a waker that is silent", async () => {
    await see();
    desk.harness.clock.advance(5 * 60_000 + 1);
    const { code, out } = await desk.type("status");
    expect(code).toBe(1);
    expect(out).toContain("the waker was heard of 5 min ago");
  });

  test("has the same facts as JSON", async () => {
    await see();
    await desk.type("hold --reason 'their\u001b[2J maintenance' --for 1h --yes");
    const { code, out } = await desk.type("status --json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { providerId: "demo", environment: "localtest", urgency: "shut", phase: "closed", limit: 3 },
    ]);
    expect((await desk.type("status")).out).toContain("by anna: their\\u{1b}[2J maintenance");
  });

  test("--watch shows it until Ctrl-C", async () => {
    await see();
    const interrupt = new AbortController();
    const watching = desk.type("status --watch --json", { interrupt: interrupt.signal });
    interrupt.abort();
    const { code } = await watching;
    expect(code).toBe(130);
  });
});
