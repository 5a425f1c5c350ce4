import { type BreakerHarness, createBreakerHarness } from "@sluice/testing/breaker-harness";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { beforeEach, describe, expect, test } from "vitest";
import { force } from "./force.ts";
import { hold } from "./hold.ts";
import { probeNow } from "./probe-now.ts";

const ANNA = { by: "anna", reason: "they say that they are back" };
let harness: BreakerHarness;
let process: ReturnType<BreakerHarness["start"]>;
beforeEach(() => {
  harness = createBreakerHarness({ shardCount: 2 });
  process = harness.start();
});

const ask = (isDryRun = false) => probeNow({ ...ANNA, isDryRun }, process.steering);

async function trip(): Promise<void> {
  await harness.report({ faultCount: 3 });
  expect((await process.breaker.look()).control.phase).toBe("open");
}

describe("a probe that an operator asks for", () => {
  test("is let through at once, long before its time, and is audited", async () => {
    await trip();
    expect(await ask()).toEqual({ kind: "asked", isUnderWay: false });
    for (const shard of await harness.shards()) expect(shard).toMatchObject({ phase: "half-open" });
    expect((await harness.decisions()).at(-1)).toMatchObject({
      kind: "order",
      summary: "asked for a probe now by anna: they say that they are back",
      details: ANNA,
    });
  });

  test("is the one under way, if there is one", async () => {
    await trip();
    await ask();
    const epoch = (await harness.state())?.epoch;
    expect(await ask()).toEqual({ kind: "asked", isUnderWay: true });
    expect((await harness.state())?.epoch).toBe(epoch);
  });

  test("as a dry run begins nothing", async () => {
    await trip();
    expect(await ask(true)).toEqual({ kind: "asked", isUnderWay: false });
    expect(await harness.state()).toMatchObject({ phase: "open" });
    expect((await harness.decisions()).filter(({ kind }) => kind === "order")).toEqual([]);
  });

  test("is refused while the breaker is closed", async () => {
    expect(await ask()).toMatchObject({ kind: "refused", reason: "not-open" });
  });

  test("is refused while an operator forces the breaker, or holds the provider", async () => {
    await trip();
    await force({ ...ANNA, limit: 1 }, process.steering);
    expect(await ask()).toMatchObject({ kind: "refused", reason: "not-open" });
    harness = createBreakerHarness();
    process = harness.start();
    await trip();
    await hold(ANNA, process.steering);
    expect(await ask()).toMatchObject({
      kind: "refused",
      reason: "shut",
      hint: expect.stringMatching(/holds/),
    });
  });

  test("is refused while the provider asks to wait", async () => {
    await trip();
    await process.permits.hold(NOON_MS + 3_600_000);
    expect(await ask()).toMatchObject({
      kind: "refused",
      hint: expect.stringMatching(/until 2026-11-18T13:00/),
    });
  });

  test("needs a name and a reason", async () => {
    await trip();
    expect(await probeNow({ by: "", reason: "x" }, process.steering)).toMatchObject({
      reason: "author-invalid",
    });
  });
});
