import { type BreakerHarness, createBreakerHarness } from "@sluice/testing/breaker-harness";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { OPEN_MS } from "@sluice/testing/tiny-law";
import { beforeEach, describe, expect, test } from "vitest";
import { FOR_EVER_MS } from "../orders/orders-in-force.ts";
import { force } from "./force.ts";
import { pin } from "./pin.ts";
import { readSteering } from "./reasons.ts";
import { resume } from "./resume.ts";

const MINUTE_MS = 60_000;
const ANNA = { by: "anna", reason: "they asked for less" };
const X = 3;

let askedCount = 0;
let harness: BreakerHarness;
let process: ReturnType<BreakerHarness["start"]>;
beforeEach(() => {
  harness = createBreakerHarness({ shardCount: 2 });
  process = harness.start();
});

async function trip(): Promise<void> {
  await harness.report({ faultCount: 3 }, { epoch: (await harness.state())?.epoch ?? 0 });
  expect((await process.breaker.look()).control.phase).toBe("open");
}
const askFor = (wanted: number) =>
  process.permits.checkOut({
    wanted,
    holderId: `holder-${askedCount++}`,
    nowMs: harness.clock.nowMs(),
    leaseUntilMs: harness.clock.nowMs() + 1_000,
  });

describe("a pin", () => {
  test("is told to all shards in an epoch of its own; the law's limit stays, and comes back by itself", async () => {
    expect(await pin({ ...ANNA, limit: 1, forMs: 10 * MINUTE_MS }, process.steering)).toMatchObject({
      kind: "ordered",
      isCarriedOut: true,
      orders: { pin: { limit: 1, untilMs: NOON_MS + 10 * MINUTE_MS } },
    });
    const pinnedUntilMs = NOON_MS + 10 * MINUTE_MS;
    const pinned = { phase: "closed", limit: 1, epoch: 1, pinnedUntilMs, unpinnedLimit: X };
    for (const shard of await harness.shards()) expect(shard).toMatchObject(pinned);
    expect(await harness.state()).toMatchObject({ limit: X, epoch: 1 });
    expect(process.wishes.at(-1)).toMatchObject({ limit: 1 });
    harness.clock.advance(pinnedUntilMs - 1 - harness.clock.nowMs());
    expect(await askFor(2)).toMatchObject({ kind: "granted", permits: { leases: { length: 1 } } });
    expect(await askFor(1)).toMatchObject({ kind: "full", pinnedUntilMs: pinned.pinnedUntilMs });
    harness.clock.advance(1);
    // Nobody has looked yet.
    expect((await askFor(1)).kind).toBe("granted");
    const report = await harness.report({ okCount: 1 }, { epoch: 1 });
    await process.breaker.consider(report);
    for (const shard of await harness.shards()) {
      expect(shard).toMatchObject({ limit: X, epoch: 2 });
      expect(shard.pinnedUntilMs).toBeUndefined();
    }
  });

  test("above the law's limit changes nothing, until the law wants more", async () => {
    await trip();
    harness.clock.advance(OPEN_MS);
    await process.breaker.observe({ kind: "probe-due", hasRecord: true });
    await harness.report({ okCount: 1 }, { epoch: 2 });
    expect((await process.breaker.look()).control).toMatchObject({ phase: "closed", limit: 1 });
    await pin({ ...ANNA, limit: 1 }, process.steering);
    expect(await harness.state()).toMatchObject({ limit: 1, epoch: 3 });
    await harness.report({ okCount: 5 }, { epoch: 3 });
    expect((await process.breaker.look()).control).toMatchObject({ limit: 1, epoch: 4 });
    expect(await harness.state()).toMatchObject({ limit: 2, epoch: 4 });
    for (const shard of await harness.shards()) expect(shard).toMatchObject({ limit: 1, epoch: 4 });
  });

  test("is made up for by the next look if another process has spread its decision without it", async () => {
    process.items.spoil((method) => (method === "setControl" ? "unreachable" : undefined));
    await pin({ ...ANNA, limit: 1 }, process.steering);
    for (const index of [0, 1])
      await harness.items.setControl(index, { phase: "closed", limit: X, epoch: 9 });
    const other = harness.start();
    await other.breaker.look();
    await other.breaker.look();
    for (const shard of await harness.shards())
      expect(shard).toMatchObject({ limit: 1, pinnedUntilMs: NOON_MS + 240 * MINUTE_MS });
  });

  test("ends where that is asked for, and a resumed hold leaves it", async () => {
    await pin({ ...ANNA, limit: 1, forMs: "ever" }, process.steering);
    expect(await resume(ANNA, process.steering)).toMatchObject({ reason: "nothing-to-end" });
    const answer = await resume({ ...ANNA, ends: ["pin"] }, process.steering);
    expect(answer).toMatchObject({ change: { ended: { pin: { untilMs: FOR_EVER_MS } } }, orders: {} });
    for (const shard of await harness.shards()) expect(shard.limit).toBe(X);
  });

  test.each([0, 1.5, X, 100, Number.NaN])("of %d is refused", async (limit) => {
    expect(await pin({ ...ANNA, limit }, process.steering)).toMatchObject({ reason: "limit-invalid" });
  });

  test("that is about to end begins no epoch, so that clocks that differ don't either", async () => {
    await pin({ ...ANNA, limit: 1, forMs: MINUTE_MS }, process.steering);
    const { epoch = 0 } = (await harness.state()) ?? {};
    harness.clock.advance(MINUTE_MS - 3_000);
    await harness.items.setControl(0, { phase: "closed", limit: X, epoch: epoch + 1 });
    await harness.store.commit(
      { ...(await memory()), law: { ...(await harness.state()), epoch: epoch + 1 } },
      await version(),
    );
    harness.clock.advance(1_500);
    await process.breaker.look();
    expect(await harness.state()).toMatchObject({ epoch: epoch + 1 });
  });
});

const version = async () => (await harness.store.read())?.version ?? 0;
const memory = async () => Object((await harness.store.read())?.memory);

describe("a force", () => {
  test("of a closed breaker is refused with a hint", async () => {
    const answer = await force({ ...ANNA, limit: 1 }, process.steering);
    expect(answer).toMatchObject({ kind: "refused", reason: "not-open", hint: expect.stringMatching(/pin/) });
  });

  test("lends at its limit, without a probe, and what it shows is not the law's; then the law goes on", async () => {
    await trip();
    await force({ ...ANNA, limit: 2, forMs: 5 * MINUTE_MS }, process.steering);
    const forced = {
      phase: "closed",
      limit: 2,
      epoch: 2,
      forcedUntilMs: harness.clock.nowMs() - 1_000 + 5 * MINUTE_MS,
    };
    for (const shard of await harness.shards()) expect(shard).toMatchObject(forced);
    expect(await harness.state()).toMatchObject({ phase: "open", limit: X, epoch: 2 });
    expect((await askFor(1)).kind).toBe("granted");
    harness.clock.advance(OPEN_MS);
    expect(await process.breaker.observe({ kind: "probe-due", hasRecord: true })).toBe("lost");
    await process.breaker.consider(await harness.report({ faultCount: 9, okCount: 9 }, { epoch: 2 }));
    await process.breaker.look();
    expect(await harness.state()).toMatchObject({ phase: "open", epoch: 2 });
    expect((await readSteering(process.steering)).reasons).toEqual([]);
    harness.clock.advance(5 * MINUTE_MS);
    expect(await askFor(1)).toMatchObject({
      kind: "shut",
      reason: "tripped",
      reopensAtMs: forced.forcedUntilMs,
    });
    await process.breaker.observe({ kind: "probe-due", hasRecord: true });
    for (const shard of await harness.shards()) expect(shard).toMatchObject({ phase: "half-open" });
    expect((await harness.shards())[0]?.forcedUntilMs).toBeUndefined();
  });

  test("gives way to a hold, and to a pin", async () => {
    await trip();
    await pin({ ...ANNA, limit: 1 }, process.steering);
    await force({ ...ANNA, limit: 3 }, process.steering);
    for (const shard of await harness.shards()) expect(shard).toMatchObject({ phase: "closed", limit: 1 });
    await process.permits.hold(harness.clock.nowMs() + MINUTE_MS);
    expect(await askFor(1)).toMatchObject({ kind: "shut", reason: "held" });
  });

  test.each([
    ["an hour and a second", { forMs: 3_601_000 }, "time-too-long"],
    ["ever", { forMs: "ever" }, "time-too-long"],
    ["an hour", { forMs: 3_600_000 }, undefined],
    ["a limit above X", { limit: X + 1 }, "limit-invalid"],
    ["a limit of X", { limit: X }, undefined],
  ] as const)("for %s", async (_, request, reason) => {
    await trip();
    const answer = await force({ ...ANNA, limit: 1, ...request }, process.steering);
    expect("reason" in answer ? answer.reason : undefined).toBe(reason);
  });
});
