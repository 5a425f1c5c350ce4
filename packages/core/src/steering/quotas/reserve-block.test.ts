import { NOON_MS } from "@sluice/testing/fake-clock";
import { silentLog } from "@sluice/testing/silent-log";
import { expect, test } from "vitest";
import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { QuotaStore } from "../../ports/quota-store.ts";
import type { Lane } from "../../provider/lane.ts";
import { createMemoryQuotaStore } from "../../storage/memory-quota-store.ts";
import { NOTHING_RESERVED } from "./quota-steps.ts";
import { BULK_AHEAD_MS } from "./request.ts";
import { type BlockDeps, reserveBlock } from "./reserve-block.ts";
import { quotaTermsOf } from "./terms.ts";

/** Asks as a process does that has learnt nothing yet. */
function createAsker(store: QuotaStore, requestsAMinute: number, lane: Lane = "records") {
  const terms = quotaTermsOf({ quotas: [{ requests: requestsAMinute, per: "minute" }], timeZone: "UTC" });
  if (terms === undefined) throw new Error("there is a quota");
  let known = NOTHING_RESERVED;
  let isWaiting = false;
  const deps: BlockDeps = {
    terms,
    store,
    log: silentLog,
    lane,
    untilMs: NOON_MS + 600_000,
    known: () => known,
    see(state) {
      known = state;
    },
    hasWaited: () => isWaiting,
    noteWait(is) {
      isWaiting = is;
    },
  };
  return (nowMs: number) => reserveBlock(deps, 1, nowMs);
}

test("where turns are far apart, who has waited for one asks before who has not, by as much as clocks differ", async () => {
  const store = createMemoryQuotaStore();
  const [quick, waiting, late] = [1, 2, 3].map(() => createAsker(store, 5));
  await quick?.(NOON_MS);
  const { freeFromMs: secondMs } = await store.read();
  expect(await waiting?.(NOON_MS)).toEqual({
    kind: "shut",
    untilMs: secondMs - BULK_AHEAD_MS + CLOCK_SKEW_MS,
  });
  await quick?.(secondMs - BULK_AHEAD_MS);
  const { freeFromMs: thirdMs } = await store.read();
  expect(await waiting?.(secondMs)).toEqual({ kind: "shut", untilMs: thirdMs - BULK_AHEAD_MS });
  expect(await late?.(secondMs)).toEqual({ kind: "shut", untilMs: thirdMs - BULK_AHEAD_MS + CLOCK_SKEW_MS });
  expect(await waiting?.(thirdMs - BULK_AHEAD_MS)).toMatchObject({ kind: "block" });
  expect(await waiting?.(thirdMs)).toMatchObject({
    kind: "shut",
    untilMs: (await store.read()).freeFromMs - BULK_AHEAD_MS + CLOCK_SKEW_MS,
  });
});

test("where turns are close together nobody gives way, so that none passes", async () => {
  const store = createMemoryQuotaStore();
  const ask = createAsker(store, 60);
  for (let count = 0; count < 5; count += 1) await ask(NOON_MS);
  const { freeFromMs } = await store.read();
  expect(await ask(NOON_MS)).toEqual({ kind: "shut", untilMs: freeFromMs - BULK_AHEAD_MS });
});

test("the express lane gives way to nobody", async () => {
  const store = createMemoryQuotaStore();
  const [bulk, express] = [createAsker(store, 5), createAsker(store, 5, "express")];
  await bulk(NOON_MS);
  expect(await express(NOON_MS)).toMatchObject({ kind: "block" });
});
