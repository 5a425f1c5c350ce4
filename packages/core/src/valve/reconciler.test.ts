import type { ValveMishap } from "@sluice/testing/scripted-valve";
import { describe, expect, test } from "vitest";
import type { ControlState } from "../law/control.ts";
import {
  closedAt,
  createReconcilerHarness,
  OPEN,
  opened,
  type ReconcilerHarness,
} from "./fakes/reconciler-harness.ts";

const NO_HOLD = { heldUntilMs: 0 };
const THOROUGH = { heldUntilMs: 0, isThorough: true };
const MINUTE_MS = 60_000;
/** A change that only saves invocations waits for this long. */
const SETTLED_MS = 2 * MINUTE_MS;

/** A waker's rounds, one a minute. */
async function rounds(
  harness: ReconcilerHarness,
  count: number,
  control: ControlState,
  heldUntilMs = 0,
): Promise<void> {
  const { reconciler } = harness.start();
  for (let round = 0; round < count; round += 1) {
    await reconciler.reconcile(control, { heldUntilMs, isThorough: true });
    harness.clock.advance(MINUTE_MS);
  }
}

describe("in sync", () => {
  test("nothing is updated, and nothing written once that is known", async () => {
    const harness = createReconcilerHarness();
    await rounds(harness, 1, closedAt(20));
    const { reconciler, store } = harness.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(closedAt(20), NO_HOLD);
    expect(new Set(store.calls)).toEqual(new Set(["readValve"]));
    expect(harness.records.updates).toEqual([]);
    expect(harness.express.updates).toEqual([]);
  });

  test("AWS is asked only when thorough", async () => {
    const harness = createReconcilerHarness();
    await rounds(harness, 1, closedAt(20));
    const { reconciler } = harness.start();
    await reconciler.reconcile(closedAt(20), NO_HOLD);
    expect(harness.records.readCount).toBe(1);
    await reconciler.reconcile(closedAt(20), THOROUGH);
    expect(harness.records.readCount).toBe(2);
  });
});

test("a mapping is seen with its last change on purpose, and what it was before, by any process", async () => {
  const harness = createReconcilerHarness();
  const first = harness.start().reconciler;
  await first.reconcile(closedAt(20), THOROUGH);
  expect(first.seen("records")).not.toHaveProperty("turned");
  const turnedAtMs = harness.clock.nowMs();
  await first.reconcile(opened(2), NO_HOLD);
  harness.clock.advance(MINUTE_MS);
  const { reconciler } = harness.start();
  await reconciler.reconcile(opened(2), THOROUGH);
  expect(reconciler.seen("records")).toMatchObject({
    wanted: { isEnabled: false },
    turned: { atMs: turnedAtMs, from: { isEnabled: true, batchSize: 10, maximumConcurrency: 20 } },
  });
});

describe("shutting and opening", () => {
  test("happen at once, on both mappings, each an event", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(opened(2), NO_HOLD);
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
    expect(harness.express.settings()).toMatchObject({ isEnabled: false });
    harness.clock.advance(20_000);
    await reconciler.reconcile(closedAt(5, { epoch: 3 }), NO_HOLD);
    expect(harness.records.settings()).toEqual({ isEnabled: true, batchSize: 10, maximumConcurrency: 5 });
    expect(harness.express.settings()).toMatchObject({ isEnabled: true });
    const summaries = (await Array.fromAsync(harness.events.list(0))).map(({ summary }) => summary);
    expect(summaries.filter((summary) => summary.startsWith("records"))).toEqual([
      "records: 20 × batches of 10 → shut",
      "records: shut → 5 × batches of 10",
    ]);
  });

  test("do not wait for the hold-off", async () => {
    const harness = createReconcilerHarness(0);
    const { reconciler } = harness.start();
    for (const control of [closedAt(20), opened(2), closedAt(20, { epoch: 3 }), opened(4)]) {
      await reconciler.reconcile(control, NO_HOLD);
      harness.clock.advance(1);
    }
    expect(harness.records.updates.map(({ isEnabled }) => isEnabled)).toEqual([false, true, false]);
  });

  test("the settings of a valve that is shut anyway are not turned", async () => {
    const harness = createReconcilerHarness();
    await rounds(harness, 1, opened(2));
    await rounds(harness, 5, { ...opened(3), limit: 2 });
    expect(harness.records.updates).toHaveLength(1);
  });
});

describe("a limit that changes", () => {
  test("within the dead band turns nothing, however long it lasts", async () => {
    const harness = createReconcilerHarness();
    await rounds(harness, 10, closedAt(17));
    expect(harness.records.updates).toEqual([]);
  });

  test("by more than the dead band turns the valve when it was wanted for two minutes", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(closedAt(16), NO_HOLD);
    harness.clock.advance(SETTLED_MS - 1);
    await reconciler.reconcile(closedAt(16), NO_HOLD);
    expect(harness.records.updates).toEqual([]);
    harness.clock.advance(1);
    await reconciler.reconcile(closedAt(16), NO_HOLD);
    expect(harness.records.updates).toEqual([{ ...OPEN, maximumConcurrency: 16 }]);
  });

  test("and comes back before that turns nothing", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    for (const limit of [20, 5, 20, 5, 20, 5]) {
      await reconciler.reconcile(closedAt(limit), NO_HOLD);
      harness.clock.advance(SETTLED_MS - 1);
    }
    expect(harness.records.updates).toEqual([]);
  });

  test("a batch size that changes waits likewise", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(closedAt(20, { wantsSmallBatches: true }), NO_HOLD);
    expect(harness.records.updates).toEqual([]);
    harness.clock.advance(SETTLED_MS);
    await reconciler.reconcile(closedAt(20, { wantsSmallBatches: true }), NO_HOLD);
    expect(harness.records.updates).toEqual([{ ...OPEN, batchSize: 1 }]);
  });

  test("and outgrows the maximum by a fifth turns at once, however short the last turn is ago", async () => {
    const harness = createReconcilerHarness(0);
    const { reconciler } = harness.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    for (const limit of [24, 29, 40]) {
      await reconciler.reconcile(closedAt(limit), NO_HOLD);
      expect(harness.records.settings()).toMatchObject({ maximumConcurrency: limit });
      harness.clock.advance(1);
    }
  });

  test("and outgrows the maximum by less turns at once, but not within 90 s of the last turn", async () => {
    const harness = createReconcilerHarness(0);
    const { reconciler } = harness.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(closedAt(21), NO_HOLD);
    expect(harness.records.settings()).toMatchObject({ maximumConcurrency: 21 });
    harness.clock.advance(89_999);
    await reconciler.reconcile(closedAt(22), NO_HOLD);
    expect(harness.records.settings()).toMatchObject({ maximumConcurrency: 21 });
    harness.clock.advance(1);
    await reconciler.reconcile(closedAt(22), NO_HOLD);
    expect(harness.records.settings()).toMatchObject({ maximumConcurrency: 22 });
  });
});

describe("what others did to the mapping", () => {
  test("disabled by hand or by AWS: it is enabled in the next round", async () => {
    const harness = createReconcilerHarness();
    await rounds(harness, 1, closedAt(20));
    harness.records.edit({ isEnabled: false });
    await rounds(harness, 1, closedAt(20));
    expect(harness.records.settings()).toEqual(OPEN);
  });

  test("enabled by hand while the breaker is open: it is shut in the next round", async () => {
    const harness = createReconcilerHarness();
    await rounds(harness, 1, opened());
    harness.records.edit({ isEnabled: true });
    await rounds(harness, 1, opened());
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
  });

  test.each([
    ["a smaller maximum", { maximumConcurrency: 3 }, 1],
    ["a larger maximum", { maximumConcurrency: 400 }, 3],
    ["another batch size", { batchSize: 1 }, 3],
  ])("edited by hand, %s: it is turned back within rounds", async (_, edit, roundCount) => {
    const harness = createReconcilerHarness();
    await rounds(harness, 3, closedAt(20));
    harness.records.edit(edit);
    await rounds(harness, roundCount - 1, closedAt(20));
    expect(harness.records.updates).toEqual([]);
    await rounds(harness, 1, closedAt(20));
    expect(harness.records.settings()).toEqual(OPEN);
    await rounds(harness, 3, closedAt(20));
    expect(harness.records.updates).toHaveLength(1);
  });

  test("a maximum that was cleared is set again", async () => {
    const harness = createReconcilerHarness();
    await rounds(harness, 1, closedAt(20));
    harness.records.clearMaximum();
    await rounds(harness, 3, closedAt(20));
    expect(harness.records.updates).toEqual([OPEN]);
  });

  test("replaced by a deploy: what is wanted is applied anew", async () => {
    const harness = createReconcilerHarness();
    await rounds(harness, 1, closedAt(30));
    expect(harness.records.settings()).toMatchObject({ maximumConcurrency: 30 });
    harness.records.remove();
    await rounds(harness, 2, closedAt(30));
    harness.records.edit({ isEnabled: true, batchSize: 10, maximumConcurrency: 2 });
    await rounds(harness, 1, closedAt(30));
    expect(harness.records.settings()).toEqual({ ...OPEN, maximumConcurrency: 30 });
  });

  test("gone: nothing is thrown, and the other mapping is turned", async () => {
    const harness = createReconcilerHarness();
    harness.records.remove();
    await rounds(harness, 2, opened());
    expect(harness.records.updates).toEqual([]);
    expect(harness.express.settings()).toMatchObject({ isEnabled: false });
  });
});

describe("an update that fails", () => {
  test.each<ValveMishap>(["busy", "throttled", "missing", "unreachable"])(
    "%s: it is tried again by the next call, and counts as not done",
    async (mishap) => {
      const harness = createReconcilerHarness();
      const { reconciler } = harness.start();
      await reconciler.reconcile(closedAt(20), THOROUGH);
      harness.records.spoilNext(mishap);
      await reconciler.reconcile(opened(), NO_HOLD);
      expect(harness.records.settings()).toMatchObject({ isEnabled: true });
      expect(harness.express.settings()).toMatchObject({ isEnabled: false });
      await reconciler.reconcile(opened(), NO_HOLD);
      expect(harness.records.settings()).toMatchObject({ isEnabled: false });
      const events = await Array.fromAsync(harness.events.list(0));
      expect(events.filter(({ summary }) => summary.startsWith("records"))).toHaveLength(1);
    },
  );

  test("accepted, but the answer was lost: it is found done, and not repeated", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    harness.records.spoilNext("lost");
    await reconciler.reconcile(opened(), NO_HOLD);
    for (let round = 0; round < 3; round += 1) {
      harness.clock.advance(15_000);
      await reconciler.reconcile(opened(), NO_HOLD);
    }
    expect(harness.records.updates).toHaveLength(1);
    harness.records.edit({});
    const readCount = harness.records.readCount;
    await reconciler.reconcile(opened(), NO_HOLD);
    expect(harness.records.readCount).toBe(readCount);
  });

  test("that takes minutes: nothing is updated meanwhile, then what is wanted by then", async () => {
    const harness = createReconcilerHarness(4 * MINUTE_MS);
    const { reconciler } = harness.start();
    await reconciler.reconcile(closedAt(30), NO_HOLD);
    expect(harness.records.updates).toHaveLength(1);
    await reconciler.reconcile(closedAt(90), THOROUGH);
    expect(harness.records.updates).toHaveLength(1);
    for (let minute = 0; minute < 4; minute += 1) {
      await reconciler.reconcile(opened(), minute % 2 === 0 ? NO_HOLD : THOROUGH);
      expect(harness.records.updates).toHaveLength(1);
      harness.clock.advance(MINUTE_MS);
    }
    await reconciler.reconcile(opened(), THOROUGH);
    expect(harness.records.updates).toHaveLength(2);
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("a mapping that can't be read is left alone until it can", async () => {
    const harness = createReconcilerHarness();
    harness.records.hide(true);
    await rounds(harness, 2, opened());
    expect(harness.records.updates).toEqual([]);
    harness.records.hide(false);
    await rounds(harness, 1, opened());
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
  });
});

describe("several reconcilers", () => {
  test("at once make one update", async () => {
    const harness = createReconcilerHarness();
    const all = [harness.start(), harness.start(), harness.start()];
    await Promise.all(all.map(({ reconciler }) => reconciler.reconcile(opened(), NO_HOLD)));
    expect(harness.records.updates).toHaveLength(1);
    expect(harness.express.updates).toHaveLength(1);
  });

  test("one that died while it turned the valve keeps the others off for 30 s", async () => {
    const harness = createReconcilerHarness();
    const { update } = harness.records;
    harness.records.update = () => new Promise(() => {});
    void harness.start().reconciler.reconcile(opened(), NO_HOLD);
    await new Promise(setImmediate);
    harness.records.update = update;
    const { reconciler } = harness.start();
    harness.clock.advance(29_999);
    await reconciler.reconcile(opened(), THOROUGH);
    expect(harness.records.updates).toEqual([]);
    harness.clock.advance(1);
    await reconciler.reconcile(opened(), THOROUGH);
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("one that is late with an earlier decision does not undo a later one", async () => {
    const harness = createReconcilerHarness(0);
    await harness.start().reconciler.reconcile(closedAt(20, { epoch: 5 }), THOROUGH);
    await harness.start().reconciler.reconcile(opened(7), NO_HOLD);
    harness.clock.advance(10_000);
    await harness.start().reconciler.reconcile(closedAt(20, { epoch: 6 }), NO_HOLD);
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("epochs that begin again from the start are obeyed a minute later", async () => {
    const harness = createReconcilerHarness(0);
    await harness.start().reconciler.reconcile(opened(7), NO_HOLD);
    harness.clock.advance(MINUTE_MS);
    await harness.start().reconciler.reconcile(closedAt(20, { epoch: 0 }), THOROUGH);
    expect(harness.records.settings()).toMatchObject({ isEnabled: true });
  });
});

describe("a hold", () => {
  test("of up to two minutes does not shut the valve, a longer one does", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    const nowMs = harness.clock.nowMs();
    await reconciler.reconcile(closedAt(20), { heldUntilMs: nowMs + 120_000, isThorough: true });
    expect(harness.records.updates).toEqual([]);
    await reconciler.reconcile(closedAt(20), { heldUntilMs: nowMs + 120_001, isThorough: true });
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("that shut the valve keeps it shut until 45 s before its end", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    const heldUntilMs = harness.clock.nowMs() + 600_000;
    await reconciler.reconcile(closedAt(20), { heldUntilMs, isThorough: true });
    harness.clock.advance(600_000 - 45_001);
    await reconciler.reconcile(closedAt(20), { heldUntilMs, isThorough: true });
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
    harness.clock.advance(1);
    await reconciler.reconcile(closedAt(20), { heldUntilMs, isThorough: true });
    expect(harness.records.settings()).toEqual(OPEN);
  });

  test("that is planned shuts it until 125 s before its end", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    const plannedUntilMs = harness.clock.nowMs() + 600_000;
    const held = { ...THOROUGH, plannedUntilMs };
    await reconciler.reconcile(closedAt(20), held);
    harness.clock.advance(600_000 - 125_001);
    await reconciler.reconcile(closedAt(20), held);
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
    harness.clock.advance(1);
    await reconciler.reconcile(closedAt(20), held);
    expect(harness.records.settings()).toEqual(OPEN);
  });

  test("that ends does not open a valve that the breaker shut", async () => {
    const harness = createReconcilerHarness();
    await rounds(harness, 12, opened(), harness.clock.nowMs() + 600_000);
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
    expect(harness.records.updates).toHaveLength(1);
  });
});

describe("whatever fails, nothing is thrown", () => {
  test.each(["readValve", "commitValve"])("%s", async (broken) => {
    const harness = createReconcilerHarness();
    const { reconciler, store } = harness.start();
    store.spoil((method) => (method === broken ? "unreachable" : undefined));
    await reconciler.reconcile(opened(), NO_HOLD);
    expect(harness.records.updates).toEqual([]);
    store.spoil(() => undefined);
    await reconciler.reconcile(opened(), NO_HOLD);
    expect(harness.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("an event that can't be stored: the update stands", async () => {
    const harness = createReconcilerHarness(0);
    const { reconciler, events } = harness.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    events.spoil(() => "unreachable");
    await reconciler.reconcile(closedAt(21), NO_HOLD);
    // That it was turned is known: another step waits for the hold-off.
    await reconciler.reconcile(closedAt(22), NO_HOLD);
    expect(harness.records.settings()).toMatchObject({ maximumConcurrency: 21 });
    expect(harness.records.updates).toHaveLength(1);
  });

  test("notes that aren't ours: the other valve is turned", async () => {
    const harness = createReconcilerHarness();
    await harness.store.commitValve("records", { applied: "yes" }, 0);
    await harness.start().reconciler.reconcile(opened(), NO_HOLD);
    expect(harness.records.updates).toEqual([]);
    expect(harness.express.settings()).toMatchObject({ isEnabled: false });
  });
});

describe("a quota that is used up", () => {
  const HOUR_MS = 60 * MINUTE_MS;

  test("shuts the lane that waits for it until it is nearly over, whoever reconciles meanwhile", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    const untilMs = harness.clock.nowMs() + HOUR_MS;
    const quotaHeldUntilMs = { records: untilMs, express: 0 };
    await reconciler.reconcile(closedAt(20), { ...THOROUGH, quotaHeldUntilMs });
    expect(harness.records.updates).toEqual([{ ...OPEN, isEnabled: false }]);
    expect(harness.express.updates).toEqual([]);
    // A decision is carried out by a process that has not asked for the quota.
    harness.clock.advance(MINUTE_MS);
    await reconciler.reconcile(closedAt(20), THOROUGH);
    expect(harness.records.updates).toHaveLength(1);
    harness.clock.advance(HOUR_MS - 1.5 * MINUTE_MS);
    await reconciler.reconcile(closedAt(20), { ...THOROUGH, quotaHeldUntilMs });
    expect(harness.records.updates.at(-1)).toEqual(OPEN);
  });

  test("opens the lane as soon as it is no longer", async () => {
    const harness = createReconcilerHarness();
    const { reconciler } = harness.start();
    const untilMs = harness.clock.nowMs() + HOUR_MS;
    await reconciler.reconcile(closedAt(20), {
      ...THOROUGH,
      quotaHeldUntilMs: { records: untilMs, express: untilMs },
    });
    harness.clock.advance(MINUTE_MS);
    await reconciler.reconcile(closedAt(20), { ...THOROUGH, quotaHeldUntilMs: { records: 0, express: 0 } });
    expect(harness.records.updates.at(-1)).toEqual(OPEN);
  });
});
