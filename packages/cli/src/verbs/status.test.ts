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
      out: "demo\tclosed\t3 of 3\t0\t1\t0\t0\t\n",
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
