import type { Governed } from "@sluice/core/breaker/law";
import { describe, expect, test } from "vitest";
import type { ValveMishap } from "../support/scripted-valve.ts";
import { closedAt, createRig, OPEN, opened, type Rig } from "./rig.ts";

const NO_HOLD = { heldUntilMs: 0 };
const THOROUGH = { heldUntilMs: 0, isThorough: true };
const MINUTE_MS = 60_000;
/** A change that only saves invocations waits for this long. */
const SETTLED_MS = 2 * MINUTE_MS;

/** A waker's rounds, one a minute. */
async function rounds(rig: Rig, count: number, governed: Governed, heldUntilMs = 0): Promise<void> {
  const { reconciler } = rig.start();
  for (let round = 0; round < count; round += 1) {
    await reconciler.reconcile(governed, { heldUntilMs, isThorough: true });
    rig.clock.advance(MINUTE_MS);
  }
}

describe("in sync", () => {
  test("nothing is updated, and nothing written once that is known", async () => {
    const rig = createRig();
    await rounds(rig, 1, closedAt(20));
    const { reconciler, store } = rig.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(closedAt(20), NO_HOLD);
    expect(new Set(store.calls)).toEqual(new Set(["readValve"]));
    expect(rig.records.updates).toEqual([]);
    expect(rig.express.updates).toEqual([]);
  });

  test("AWS is asked only when thorough", async () => {
    const rig = createRig();
    await rounds(rig, 1, closedAt(20));
    const { reconciler } = rig.start();
    await reconciler.reconcile(closedAt(20), NO_HOLD);
    expect(rig.records.readCount).toBe(1);
    await reconciler.reconcile(closedAt(20), THOROUGH);
    expect(rig.records.readCount).toBe(2);
  });
});

describe("shutting and opening", () => {
  test("happen at once, on both mappings, each an event", async () => {
    const rig = createRig();
    const { reconciler } = rig.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(opened(2), NO_HOLD);
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
    expect(rig.express.settings()).toMatchObject({ isEnabled: false });
    rig.clock.advance(20_000);
    await reconciler.reconcile(closedAt(5, { epoch: 3 }), NO_HOLD);
    expect(rig.records.settings()).toEqual({ isEnabled: true, batchSize: 10, maximumConcurrency: 5 });
    expect(rig.express.settings()).toMatchObject({ isEnabled: true });
    const summaries = (await Array.fromAsync(rig.events.list(0))).map(({ summary }) => summary);
    expect(summaries.filter((summary) => summary.startsWith("records"))).toEqual([
      "records: 20 × batches of 10 → shut",
      "records: shut → 5 × batches of 10",
    ]);
  });

  test("do not wait for the hold-off", async () => {
    const rig = createRig(0);
    const { reconciler } = rig.start();
    for (const governed of [closedAt(20), opened(2), closedAt(20, { epoch: 3 }), opened(4)]) {
      await reconciler.reconcile(governed, NO_HOLD);
      rig.clock.advance(1);
    }
    expect(rig.records.updates.map(({ isEnabled }) => isEnabled)).toEqual([false, true, false]);
  });

  test("the settings of a valve that is shut anyway are not turned", async () => {
    const rig = createRig();
    await rounds(rig, 1, opened(2));
    await rounds(rig, 5, { ...opened(3), limit: 2 });
    expect(rig.records.updates).toHaveLength(1);
  });
});

describe("a limit that changes", () => {
  test("within the dead band turns nothing, however long it lasts", async () => {
    const rig = createRig();
    await rounds(rig, 10, closedAt(17));
    expect(rig.records.updates).toEqual([]);
  });

  test("by more than the dead band turns the valve when it was wanted for two minutes", async () => {
    const rig = createRig();
    const { reconciler } = rig.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(closedAt(16), NO_HOLD);
    rig.clock.advance(SETTLED_MS - 1);
    await reconciler.reconcile(closedAt(16), NO_HOLD);
    expect(rig.records.updates).toEqual([]);
    rig.clock.advance(1);
    await reconciler.reconcile(closedAt(16), NO_HOLD);
    expect(rig.records.updates).toEqual([{ ...OPEN, maximumConcurrency: 16 }]);
  });

  test("and comes back before that turns nothing", async () => {
    const rig = createRig();
    const { reconciler } = rig.start();
    for (const limit of [20, 5, 20, 5, 20, 5]) {
      await reconciler.reconcile(closedAt(limit), NO_HOLD);
      rig.clock.advance(SETTLED_MS - 1);
    }
    expect(rig.records.updates).toEqual([]);
  });

  test("a batch size that changes waits likewise", async () => {
    const rig = createRig();
    const { reconciler } = rig.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(closedAt(20, { isUnsure: true }), NO_HOLD);
    expect(rig.records.updates).toEqual([]);
    rig.clock.advance(SETTLED_MS);
    await reconciler.reconcile(closedAt(20, { isUnsure: true }), NO_HOLD);
    expect(rig.records.updates).toEqual([{ ...OPEN, batchSize: 1 }]);
  });

  test("and outgrows the maximum by a fifth turns at once, however short the last turn is ago", async () => {
    const rig = createRig(0);
    const { reconciler } = rig.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    for (const limit of [24, 29, 40]) {
      await reconciler.reconcile(closedAt(limit), NO_HOLD);
      expect(rig.records.settings()).toMatchObject({ maximumConcurrency: limit });
      rig.clock.advance(1);
    }
  });

  test("and outgrows the maximum by less turns at once, but not within 90 s of the last turn", async () => {
    const rig = createRig(0);
    const { reconciler } = rig.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    await reconciler.reconcile(closedAt(21), NO_HOLD);
    expect(rig.records.settings()).toMatchObject({ maximumConcurrency: 21 });
    rig.clock.advance(89_999);
    await reconciler.reconcile(closedAt(22), NO_HOLD);
    expect(rig.records.settings()).toMatchObject({ maximumConcurrency: 21 });
    rig.clock.advance(1);
    await reconciler.reconcile(closedAt(22), NO_HOLD);
    expect(rig.records.settings()).toMatchObject({ maximumConcurrency: 22 });
  });
});

describe("what others did to the mapping", () => {
  test("disabled by hand or by AWS: it is enabled in the next round", async () => {
    const rig = createRig();
    await rounds(rig, 1, closedAt(20));
    rig.records.edit({ isEnabled: false });
    await rounds(rig, 1, closedAt(20));
    expect(rig.records.settings()).toEqual(OPEN);
  });

  test("enabled by hand while the breaker is open: it is shut in the next round", async () => {
    const rig = createRig();
    await rounds(rig, 1, opened());
    rig.records.edit({ isEnabled: true });
    await rounds(rig, 1, opened());
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
  });

  test.each([
    ["a smaller maximum", { maximumConcurrency: 3 }, 1],
    ["a larger maximum", { maximumConcurrency: 400 }, 3],
    ["another batch size", { batchSize: 1 }, 3],
  ])("edited by hand, %s: it is turned back within rounds", async (_, edit, roundCount) => {
    const rig = createRig();
    await rounds(rig, 3, closedAt(20));
    rig.records.edit(edit);
    await rounds(rig, roundCount - 1, closedAt(20));
    expect(rig.records.updates).toEqual([]);
    await rounds(rig, 1, closedAt(20));
    expect(rig.records.settings()).toEqual(OPEN);
    await rounds(rig, 3, closedAt(20));
    expect(rig.records.updates).toHaveLength(1);
  });

  test("a maximum that was cleared is set again", async () => {
    const rig = createRig();
    await rounds(rig, 1, closedAt(20));
    rig.records.clearMaximum();
    await rounds(rig, 3, closedAt(20));
    expect(rig.records.updates).toEqual([OPEN]);
  });

  test("replaced by a deploy: what is wanted is applied anew", async () => {
    const rig = createRig();
    await rounds(rig, 1, closedAt(30));
    expect(rig.records.settings()).toMatchObject({ maximumConcurrency: 30 });
    rig.records.remove();
    await rounds(rig, 2, closedAt(30));
    rig.records.edit({ isEnabled: true, batchSize: 10, maximumConcurrency: 2 });
    await rounds(rig, 1, closedAt(30));
    expect(rig.records.settings()).toEqual({ ...OPEN, maximumConcurrency: 30 });
  });

  test("gone: nothing is thrown, and the other mapping is turned", async () => {
    const rig = createRig();
    rig.records.remove();
    await rounds(rig, 2, opened());
    expect(rig.records.updates).toEqual([]);
    expect(rig.express.settings()).toMatchObject({ isEnabled: false });
  });
});

describe("an update that fails", () => {
  test.each<ValveMishap>(["busy", "throttled", "missing", "unreachable"])(
    "%s: it is tried again by the next call, and counts as not done",
    async (mishap) => {
      const rig = createRig();
      const { reconciler } = rig.start();
      await reconciler.reconcile(closedAt(20), THOROUGH);
      rig.records.spoilNext(mishap);
      await reconciler.reconcile(opened(), NO_HOLD);
      expect(rig.records.settings()).toMatchObject({ isEnabled: true });
      expect(rig.express.settings()).toMatchObject({ isEnabled: false });
      await reconciler.reconcile(opened(), NO_HOLD);
      expect(rig.records.settings()).toMatchObject({ isEnabled: false });
      const events = await Array.fromAsync(rig.events.list(0));
      expect(events.filter(({ summary }) => summary.startsWith("records"))).toHaveLength(1);
    },
  );

  test("accepted, but the answer was lost: it is found done, and not repeated", async () => {
    const rig = createRig();
    const { reconciler } = rig.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    rig.records.spoilNext("lost");
    await reconciler.reconcile(opened(), NO_HOLD);
    for (let round = 0; round < 3; round += 1) {
      rig.clock.advance(15_000);
      await reconciler.reconcile(opened(), NO_HOLD);
    }
    expect(rig.records.updates).toHaveLength(1);
    rig.records.edit({});
    const readCount = rig.records.readCount;
    await reconciler.reconcile(opened(), NO_HOLD);
    expect(rig.records.readCount).toBe(readCount);
  });

  test("that takes minutes: nothing is updated meanwhile, then what is wanted by then", async () => {
    const rig = createRig(4 * MINUTE_MS);
    const { reconciler } = rig.start();
    await reconciler.reconcile(closedAt(30), NO_HOLD);
    expect(rig.records.updates).toHaveLength(1);
    await reconciler.reconcile(closedAt(90), THOROUGH);
    expect(rig.records.updates).toHaveLength(1);
    for (let minute = 0; minute < 4; minute += 1) {
      await reconciler.reconcile(opened(), minute % 2 === 0 ? NO_HOLD : THOROUGH);
      expect(rig.records.updates).toHaveLength(1);
      rig.clock.advance(MINUTE_MS);
    }
    await reconciler.reconcile(opened(), THOROUGH);
    expect(rig.records.updates).toHaveLength(2);
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("a mapping that can't be read is left alone until it can", async () => {
    const rig = createRig();
    rig.records.hide(true);
    await rounds(rig, 2, opened());
    expect(rig.records.updates).toEqual([]);
    rig.records.hide(false);
    await rounds(rig, 1, opened());
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
  });
});

describe("several reconcilers", () => {
  test("at once make one update", async () => {
    const rig = createRig();
    const all = [rig.start(), rig.start(), rig.start()];
    await Promise.all(all.map(({ reconciler }) => reconciler.reconcile(opened(), NO_HOLD)));
    expect(rig.records.updates).toHaveLength(1);
    expect(rig.express.updates).toHaveLength(1);
  });

  test("one that died while it turned the valve keeps the others off for 30 s", async () => {
    const rig = createRig();
    const { update } = rig.records;
    rig.records.update = () => new Promise(() => {});
    void rig.start().reconciler.reconcile(opened(), NO_HOLD);
    await new Promise(setImmediate);
    rig.records.update = update;
    const { reconciler } = rig.start();
    rig.clock.advance(29_999);
    await reconciler.reconcile(opened(), THOROUGH);
    expect(rig.records.updates).toEqual([]);
    rig.clock.advance(1);
    await reconciler.reconcile(opened(), THOROUGH);
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("one that is late with an earlier decision does not undo a later one", async () => {
    const rig = createRig(0);
    await rig.start().reconciler.reconcile(closedAt(20, { epoch: 5 }), THOROUGH);
    await rig.start().reconciler.reconcile(opened(7), NO_HOLD);
    rig.clock.advance(10_000);
    await rig.start().reconciler.reconcile(closedAt(20, { epoch: 6 }), NO_HOLD);
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("epochs that begin again from the start are obeyed a minute later", async () => {
    const rig = createRig(0);
    await rig.start().reconciler.reconcile(opened(7), NO_HOLD);
    rig.clock.advance(MINUTE_MS);
    await rig.start().reconciler.reconcile(closedAt(20, { epoch: 0 }), THOROUGH);
    expect(rig.records.settings()).toMatchObject({ isEnabled: true });
  });
});

describe("a hold", () => {
  test("of up to three minutes does not shut the valve, a longer one does", async () => {
    const rig = createRig();
    const { reconciler } = rig.start();
    const nowMs = rig.clock.nowMs();
    await reconciler.reconcile(closedAt(20), { heldUntilMs: nowMs + 180_000, isThorough: true });
    expect(rig.records.updates).toEqual([]);
    await reconciler.reconcile(closedAt(20), { heldUntilMs: nowMs + 180_001, isThorough: true });
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("that shut the valve keeps it shut until 45 s before its end", async () => {
    const rig = createRig();
    const { reconciler } = rig.start();
    const heldUntilMs = rig.clock.nowMs() + 600_000;
    await reconciler.reconcile(closedAt(20), { heldUntilMs, isThorough: true });
    rig.clock.advance(600_000 - 45_001);
    await reconciler.reconcile(closedAt(20), { heldUntilMs, isThorough: true });
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
    rig.clock.advance(1);
    await reconciler.reconcile(closedAt(20), { heldUntilMs, isThorough: true });
    expect(rig.records.settings()).toEqual(OPEN);
  });

  test("that ends does not open a valve that the breaker shut", async () => {
    const rig = createRig();
    await rounds(rig, 12, opened(), rig.clock.nowMs() + 600_000);
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
    expect(rig.records.updates).toHaveLength(1);
  });
});

describe("whatever fails, nothing is thrown", () => {
  test.each(["readValve", "commitValve"])("%s", async (broken) => {
    const rig = createRig();
    const { reconciler, store } = rig.start();
    store.spoil((method) => (method === broken ? "unreachable" : undefined));
    await reconciler.reconcile(opened(), NO_HOLD);
    expect(rig.records.updates).toEqual([]);
    store.spoil(() => undefined);
    await reconciler.reconcile(opened(), NO_HOLD);
    expect(rig.records.settings()).toMatchObject({ isEnabled: false });
  });

  test("an event that can't be stored: the update stands", async () => {
    const rig = createRig(0);
    const { reconciler, events } = rig.start();
    await reconciler.reconcile(closedAt(20), THOROUGH);
    events.spoil(() => "unreachable");
    await reconciler.reconcile(closedAt(21), NO_HOLD);
    // That it was turned is known: another step waits for the hold-off.
    await reconciler.reconcile(closedAt(22), NO_HOLD);
    expect(rig.records.settings()).toMatchObject({ maximumConcurrency: 21 });
    expect(rig.records.updates).toHaveLength(1);
  });

  test("notes that aren't ours: the other valve is turned", async () => {
    const rig = createRig();
    await rig.store.commitValve("records", { applied: "yes" }, 0);
    await rig.start().reconciler.reconcile(opened(), NO_HOLD);
    expect(rig.records.updates).toEqual([]);
    expect(rig.express.settings()).toMatchObject({ isEnabled: false });
  });
});
