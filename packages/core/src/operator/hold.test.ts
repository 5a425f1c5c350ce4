import { type BreakerHarness, createBreakerHarness } from "@sluice/testing/breaker-harness";
import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { beforeEach, describe, expect, test } from "vitest";
import { FOR_EVER_MS } from "../orders/orders-in-force.ts";
import { type HoldRequest, hold } from "./hold.ts";
import { readSteering } from "./reasons.ts";
import { resume } from "./resume.ts";

const HOUR_MS = 3_600_000;
const ANNA = { by: "anna", reason: "their maintenance" };
const BEN = { by: "ben", reason: "a complaint" };

let askedCount = 0;
let harness: BreakerHarness;
let process: ReturnType<BreakerHarness["start"]>;
beforeEach(async () => {
  harness = createBreakerHarness({ shardCount: 3 });
  process = harness.start();
  expect((await askFor(1)).kind).toBe("granted");
});

const askFor = (wanted: number) =>
  process.permits.checkOut({
    wanted,
    holderId: `holder-${askedCount++}`,
    nowMs: harness.clock.nowMs(),
    leaseUntilMs: harness.clock.nowMs() + 1_000,
  });
const held = (request: Partial<HoldRequest>) => hold({ ...ANNA, ...request }, process.steering);

describe("a hold", () => {
  test("keeps all shards shut from now on until exactly its end, and the law's state as it is", async () => {
    const before = await harness.state();
    expect(await held({ forMs: HOUR_MS })).toMatchObject({ kind: "ordered", isCarriedOut: true });
    expect(await askFor(1)).toEqual({
      kind: "shut",
      reason: "held",
      reopensAtMs: NOON_MS + HOUR_MS,
      mayOpenSooner: true,
    });
    harness.clock.advance(HOUR_MS - 1);
    expect((await askFor(1)).kind).toBe("shut");
    harness.clock.advance(1);
    expect((await askFor(1)).kind).toBe("granted");
    expect(await harness.state()).toEqual(before);
  });

  test.each([
    ["four hours, if nothing is said", {}, NOON_MS + 4 * HOUR_MS],
    ["until an instant", { untilMs: NOON_MS + HOUR_MS }, NOON_MS + HOUR_MS],
    ["for ever, if that is said", { forMs: "ever" }, FOR_EVER_MS],
    ["of a beginning that is past, from now on", { fromMs: 5, forMs: HOUR_MS }, NOON_MS + HOUR_MS],
  ] as const)("lasts: %s", async (_, request, untilMs) => {
    const answer = await held(request);
    expect(answer).toMatchObject({ orders: { hold: { fromMs: NOON_MS - 2_000, untilMs, by: "anna" } } });
  });

  test("that is planned lets nothing start that could last into it", async () => {
    await held({ fromMs: NOON_MS + HOUR_MS, forMs: HOUR_MS });
    const { worker } = process.steering.provider;
    harness.clock.advance(HOUR_MS - worker.timeoutMs - 2_000 - 1);
    expect((await askFor(1)).kind).toBe("granted");
    harness.clock.advance(1);
    expect((await askFor(1)).kind).toBe("shut");
  });

  test.each<[what: string, request: Partial<HoldRequest>, reason: string]>([
    ["no reason", { reason: " " }, "reason-invalid"],
    ["a reason that is a page", { reason: "x".repeat(501) }, "reason-invalid"],
    ["no author", { by: "" }, "author-invalid"],
    ["both a length and an end", { forMs: HOUR_MS, untilMs: NOON_MS + HOUR_MS }, "time-invalid"],
    ["an end that is past", { untilMs: NOON_MS - 1 }, "time-invalid"],
    ["no time", { forMs: Number.NaN }, "time-invalid"],
    ["two months", { forMs: 60 * 24 * HOUR_MS }, "time-too-long"],
    ["a beginning in two years", { fromMs: NOON_MS + 730 * 24 * HOUR_MS }, "time-invalid"],
  ])("with %s is refused, and nothing changes", async (_, request, reason) => {
    expect(await held(request)).toMatchObject({ kind: "refused", reason });
    expect(await harness.orders.read()).toBeUndefined();
  });

  test("that is planned does not end one that is in force", async () => {
    await held({});
    expect(await held({ fromMs: NOON_MS + HOUR_MS })).toMatchObject({ reason: "would-open" });
  });

  test("of two operators the later one stays, and both its answer and its event have the other's", async () => {
    await held({ forMs: HOUR_MS });
    harness.clock.advance(1_000);
    const answer = await hold({ ...BEN, forMs: 2 * HOUR_MS }, process.steering);
    expect(answer).toMatchObject({
      change: { ended: { hold: ANNA }, given: { hold: BEN } },
      orders: { hold: BEN },
    });
    const [first, second, ...more] = await harness.decisions();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ kind: "order", summary: expect.stringMatching(/by anna: their maint/) });
    expect(second?.summary).toMatch(/by ben: a complaint; ends the order of anna \(their maintenance\)/);
    expect(second?.details).toMatchObject({ by: "ben", ended: { hold: ANNA }, given: { hold: BEN } });
  });

  test("of many operators at once each is told of the one before", async () => {
    const names = ["a", "b", "c", "d"];
    const answers = await Promise.all(names.map((by) => hold({ ...ANNA, by }, harness.start().steering)));
    const replaced = answers.flatMap((answer) =>
      answer.kind === "ordered" ? [answer.change.ended.hold?.by] : [],
    );
    expect(new Set(replaced).size).toBe(4);
    expect(await harness.decisions()).not.toHaveLength(0);
  });
});

test("all reasons to stay shut are in one list, the one that ends last at the end", async () => {
  const deps = {
    ...process.steering,
    provider: demoProvider({ windows: { open: [{ days: ["mon-sun"], from: "13:00", to: "14:00" }] } }),
    quotas: {
      readHeldUntilMs: async () => ({ records: NOON_MS + 6 * HOUR_MS, express: 0 }),
      readLeft: async () => [],
    },
  };
  await harness.items.hold(0, NOON_MS + 5_000);
  await held({ forMs: 5 * HOUR_MS });
  expect((await readSteering(deps)).reasons).toMatchObject([
    { kind: "retry-after", untilMs: NOON_MS + 5_000 },
    { kind: "window", untilMs: NOON_MS + HOUR_MS + 2_000 },
    { kind: "order", untilMs: NOON_MS + 5 * HOUR_MS, order: { by: "anna" } },
    { kind: "quota", untilMs: NOON_MS + 6 * HOUR_MS, isBulkOnly: true },
  ]);
});

describe("a hold stays", () => {
  test("though whoever gave it died before he told a shard: the next look does", async () => {
    process.items.spoil((method) => (method === "setOrderedHold" ? "unreachable" : undefined));
    expect(await held({})).toMatchObject({ kind: "ordered", isCarriedOut: false });
    process.items.spoil(() => undefined);
    expect((await askFor(1)).kind).toBe("granted");
    const status = await harness.start().breaker.look();
    const startsEndMs = NOON_MS - 2_000 - process.steering.provider.worker.timeoutMs - 2_000;
    expect(status).toMatchObject({ orderedFromMs: startsEndMs, plannedUntilMs: NOON_MS + 4 * HOUR_MS });
    expect((await askFor(1)).kind).toBe("shut");
    expect((await harness.decisions()).map(({ kind }) => kind)).toEqual(["order"]);
  });

  test("though the answer to its commit was lost, and is one order", async () => {
    let lost = 0;
    process.orders.spoil((method) => {
      if (method !== "commit" || lost > 0) return undefined;
      lost += 1;
      return "lost";
    });
    expect(await held({})).toMatchObject({ kind: "ordered", change: { ended: {} } });
    expect(process.orders.calls.filter((method) => method === "commit")).toHaveLength(1);
  });

  test("when the breaker's state is lost, and when its orders are", async () => {
    await held({});
    const afresh = createBreakerHarness({ shardCount: 3, items: harness.items }).start();
    expect((await afresh.breaker.look()).plannedUntilMs).toBe(NOON_MS + 4 * HOUR_MS);
    expect((await readSteering(afresh.steering)).reasons).toMatchObject([{ kind: "order" }]);
    expect(await resume(ANNA, afresh.steering)).toMatchObject({ kind: "ordered" });
    expect((await askFor(1)).kind).toBe("granted");
  });

  test("when orders can't be read, until another is given", async () => {
    await held({});
    const version = (await harness.orders.read())?.version ?? 0;
    await harness.orders.commit({ hold: 7 } as never, version + 1, version);
    await process.breaker.look();
    expect((await askFor(1)).kind).toBe("shut");
    harness.clock.advance(1_000);
    await resume(ANNA, process.steering);
    expect((await askFor(1)).kind).toBe("granted");
  });

  test("when permits move to other shards", async () => {
    await held({ forMs: 24 * HOUR_MS });
    harness.clock.advance(HOUR_MS);
    const mover = harness.start({ shardCount: 2 });
    await mover.shardMover.move((await harness.items.read(0)).split, harness.clock.nowMs() + 60_000);
    for (const index of [0, 1]) {
      expect(await harness.items.read(index)).toMatchObject({
        split: { kind: "lending", count: 2 },
        orderedHold: { untilMs: NOON_MS + 24 * HOUR_MS },
      });
    }
  });

  test("and reaches a shard that nobody has counted on, before it lends", async () => {
    const fresh = createBreakerHarness({ shardCount: 1 });
    await hold(ANNA, fresh.start().steering);
    const { permits } = fresh.start({ shardCount: 3 });
    for (let tries = 0; tries < 9; tries += 1) {
      const request = { wanted: 1, holderId: `h${tries}`, nowMs: NOON_MS, leaseUntilMs: NOON_MS + 9 };
      expect((await permits.checkOut(request)).kind).not.toBe("granted");
    }
  });
});

describe("resuming", () => {
  test("opens at once, and is an event", async () => {
    await held({});
    harness.clock.advance(1_000);
    expect(await resume(BEN, process.steering)).toMatchObject({
      orders: {},
      change: { ended: { hold: ANNA } },
    });
    expect((await askFor(1)).kind).toBe("granted");
    expect((await harness.decisions()).at(-1)?.summary).toMatch(/^resumed \(hold\) by ben/);
  });

  test("calls off a closure that is planned", async () => {
    await held({ fromMs: NOON_MS + HOUR_MS });
    await resume(BEN, process.steering);
    harness.clock.advance(HOUR_MS);
    expect((await askFor(1)).kind).toBe("granted");
  });

  test("without an order is refused", async () => {
    expect(await resume(BEN, process.steering)).toMatchObject({ kind: "refused", reason: "nothing-to-end" });
  });
});

test("all reasons to stay shut are told, the one that ends last at the end", async () => {
  expect((await readSteering(process.steering)).reasons).toEqual([]);
  for (let shard = 0; shard < 3; shard += 1) await harness.report({ faultCount: 1 }, { shard });
  await process.breaker.look();
  await process.permits.hold(NOON_MS + 2 * HOUR_MS);
  await held({ forMs: HOUR_MS });
  const { reasons, orders } = await readSteering(process.steering);
  expect(reasons).toMatchObject([
    { kind: "tripped", untilMs: NOON_MS + 30_000 },
    { kind: "order", untilMs: NOON_MS + HOUR_MS, order: ANNA },
    { kind: "retry-after", untilMs: NOON_MS + 2 * HOUR_MS },
  ]);
  expect(orders.hold).toMatchObject(ANNA);
});

test("a dry run says what would be ordered and what would end, and changes nothing", async () => {
  await held({});
  const before = await harness.orders.read();
  const answer = await hold({ ...BEN, forMs: HOUR_MS, isDryRun: true }, process.steering);
  expect(answer).toMatchObject({
    kind: "ordered",
    isCarriedOut: false,
    change: { by: "ben", given: { hold: { untilMs: NOON_MS + HOUR_MS } }, ended: { hold: ANNA } },
  });
  expect(await resume({ ...BEN, isDryRun: true }, process.steering)).toMatchObject({
    change: { ended: { hold: ANNA } },
  });
  expect(await harness.orders.read()).toEqual(before);
  expect(await harness.decisions()).toHaveLength(1);
});
