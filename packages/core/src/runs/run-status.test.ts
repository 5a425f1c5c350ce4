import { createFakeClock, NOON_MS } from "@sluice/testing/fake-clock";
import { beforeEach, describe, expect, test } from "vitest";
import { createMemoryHistoryStore } from "../storage/memory-history-store.ts";
import { createMemoryRunStore } from "../storage/memory-run-store.ts";
import { readRunStatus } from "./run-status.ts";
import { waitForRun } from "./wait-for-run.ts";

const MINUTE_MS = 60_000;
const RUN = {
  runId: "night",
  correlationId: "c",
  lane: "records",
  createdAtMs: NOON_MS,
  plannedCount: 400,
  digest: "",
  isSealed: true,
} as const;

let runs = createMemoryRunStore();
let history = createMemoryHistoryStore();
let clock = createFakeClock();
const status = () => readRunStatus("night", { runs, history, clock });
const places = (from: number, until: number) => Array.from({ length: until - from }, (_, at) => from + at);

beforeEach(() => {
  runs = createMemoryRunStore();
  history = createMemoryHistoryStore();
  clock = createFakeClock();
});

describe("the state of a run", () => {
  test("is none if there is no such run", async () => {
    expect(await status()).toBeUndefined();
  });

  test("counts each record by its strongest end, and the others as open", async () => {
    await runs.open(RUN);
    await runs.mark(
      "night",
      { level: 0, index: 0 },
      { fetched: [0, 1], dead: [1, 2], expired: [2] },
      NOON_MS,
    );
    await runs.mark("night", { level: 0, index: 1 }, { cancelled: [0], fetchedBefore: [0] }, NOON_MS);
    expect(await status()).toMatchObject({
      state: "open",
      accepted: 400,
      counts: { fetched: 2, fetchedBefore: 1, dead: 1, expired: 0, cancelled: 0 },
      open: 396,
    });
  });

  test("says how fast it goes and when it will be done, from what ended in the last five minutes", async () => {
    await runs.open(RUN);
    for (let minute = 0; minute < 10; minute += 1) {
      const part = { level: 0, index: minute < 5 ? 0 : 1 };
      const from = (minute % 5) * 20;
      await runs.mark("night", part, { fetched: places(from, from + 20) }, clock.nowMs());
      clock.advance(MINUTE_MS);
    }
    const { ratePerMinute = 0, endsAtMs = 0 } = (await status()) ?? {};
    expect(ratePerMinute).toBe(20);
    expect(endsAtMs - clock.nowMs()).toBe((200 / 20) * MINUTE_MS);
  });

  test("tells no end while more records may come, nor before one has ended", async () => {
    await runs.open({ ...RUN, isSealed: false });
    clock.advance(MINUTE_MS);
    expect(await status()).not.toHaveProperty("ratePerMinute");
    await runs.mark("night", { level: 0, index: 0 }, { fetched: [0] }, clock.nowMs());
    clock.advance(MINUTE_MS);
    const now = await status();
    expect(now).toMatchObject({ state: "enqueuing", ratePerMinute: 1 });
    expect(now).not.toHaveProperty("endsAtMs");
  });

  test("lists the records that were lost, all or by their end", async () => {
    await runs.open(RUN);
    const lost = (number: number, end: "dead" | "expired") => {
      return { number, end, recordId: `r${number}`, cause: "why", atMs: NOON_MS };
    };
    await runs.keepLost("night", [lost(3, "dead"), lost(1, "expired")]);
    const idsOf = async (end?: "dead" | "expired") =>
      Array.fromAsync((await status())?.records(end && { end }) ?? [], ({ recordId }) => recordId);
    expect([await idsOf(), await idsOf("dead"), await idsOf("expired")]).toEqual([
      ["r1", "r3"],
      ["r3"],
      ["r1"],
    ]);
  });
});

describe("waiting for a run", () => {
  const deps = () => ({ runs, history, clock, random: { next: () => 0.5 } });
  const counts = { fetched: 400, fetchedBefore: 0, dead: 0, expired: 0, cancelled: 0 };

  test("ends with its state as soon as it is completed", async () => {
    await runs.open(RUN);
    let isOver = false;
    const waiting = waitForRun("night", new AbortController().signal, deps()).finally(() => {
      isOver = true;
    });
    for (let minute = 0; minute < 5; minute += 1) {
      await new Promise(setImmediate);
      clock.advance(MINUTE_MS);
    }
    expect(isOver).toBe(false);
    await runs.complete("night", { completedAtMs: clock.nowMs(), counts, isAnnounced: true });
    for (let step = 0; step < 11; step += 1) {
      await new Promise(setImmediate);
      clock.advance(1_000);
    }
    expect(await waiting).toMatchObject({ state: "completed", accepted: 400 });
  });

  test("ends with the signal's reason, and at once if there is no such run", async () => {
    await expect(waitForRun("nobody", undefined, deps())).rejects.toMatchObject({ code: "run-unknown" });
    await runs.open(RUN);
    const reason = new Error("enough");
    await expect(waitForRun("night", AbortSignal.abort(reason), deps())).rejects.toBe(reason);
  });
});
