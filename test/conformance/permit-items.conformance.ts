import type { PermitItems, TakeRequest } from "@sluice/core/ports/permit-items";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NOON_MS } from "../support/fake-clock.ts";

/** What every {@link PermitItems} must do. `start` makes empty ones. */
export function describePermitItems(name: string, start: () => Promise<StartedPermitItems>): void {
  describe(`permit items: ${name}`, () => {
    let items: PermitItems;
    let stop: () => Promise<void>;
    let shard = -1;

    beforeAll(async () => {
      ({ items, stop } = await start());
    });
    afterAll(() => stop());

    function newTake(changes: Partial<TakeRequest> = {}): TakeRequest {
      shard += 1;
      return { shard, leases: ["a@1-2"], ifLimit: 3, ifAtMostOut: 2, nowMs: NOON_MS, ...changes };
    }

    test("a shard without an item is empty, and lends", async () => {
      const take = newTake();
      expect(await items.read(take.shard)).toEqual({ leases: [] });
      expect(await items.take(take)).toEqual({ kind: "taken", shard: { leases: ["a@1-2"] } });
    });

    test("of many takes at once, as many are granted as the bound allows", async () => {
      const take = newTake();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => items.take({ ...take, leases: [`${index}@1-2`] })),
      );
      expect(answers.filter(({ kind }) => kind === "taken")).toHaveLength(3);
      expect((await items.read(take.shard)).leases).toHaveLength(3);
    });

    test("a take of several is granted whole or not at all", async () => {
      const take = newTake({ leases: ["a@1-2", "b@1-2"], ifAtMostOut: 1 });
      expect((await items.take(take)).kind).toBe("taken");
      const refused = await items.take({ ...take, leases: ["c@1-2", "d@1-2"] });
      expect(refused.kind).toBe("refused");
      expect(refused.shard.leases.toSorted()).toEqual(["a@1-2", "b@1-2"]);
    });

    test.each([
      ["open", { phase: "open" }],
      ["half-open", { phase: "half-open" }],
      ["under another limit", { limit: 2 }],
    ] as const)("a shard that is %s refuses and says so", async (_, decision) => {
      const take = newTake();
      await items.govern(take.shard, decision);
      expect(await items.take(take)).toEqual({ kind: "refused", shard: { leases: [], ...decision } });
    });

    test("a closed shard under the expected limit lends", async () => {
      const take = newTake();
      await items.govern(take.shard, { phase: "open", limit: 1, epoch: 1 });
      await items.govern(take.shard, { phase: "closed", limit: 3, epoch: 2 });
      const shard = { leases: ["a@1-2"], phase: "closed", limit: 3, epoch: 2 };
      expect(await items.take(take)).toEqual({ kind: "taken", shard });
    });

    test("a hold shuts until its end, and a shorter one doesn't shorten it", async () => {
      const take = newTake();
      await items.hold(take.shard, NOON_MS + 10);
      await items.hold(take.shard, NOON_MS + 5);
      const held = { leases: [], heldUntilMs: NOON_MS + 10 };
      expect(await items.take({ ...take, nowMs: NOON_MS + 9 })).toEqual({ kind: "refused", shard: held });
      expect((await items.take({ ...take, nowMs: NOON_MS + 10 })).kind).toBe("taken");
    });

    test("giving back frees exactly what is given back, and twice is once", async () => {
      const take = newTake({ leases: ["a@1-2", "b@1-2"], ifAtMostOut: 1 });
      await items.take(take);
      await items.giveBack(take.shard, ["a@1-2"], { ok: 2 });
      await items.giveBack(take.shard, ["a@1-2"], { ok: 2 });
      expect((await items.read(take.shard)).leases).toEqual(["b@1-2"]);
      await items.giveBack(take.shard, ["b@1-2"], {});
      expect((await items.read(take.shard)).leases).toEqual([]);
    });

    test("pruning removes leases that run out, and twice is once", async () => {
      const take = newTake({ leases: ["a@1-2", "b@1-2", "c@1-2"], ifAtMostOut: 0 });
      await items.take(take);
      await items.prune(take.shard, ["a@1-2", "c@1-2"]);
      await items.prune(take.shard, ["a@1-2", "c@1-2"]);
      expect((await items.read(take.shard)).leases).toEqual(["b@1-2"]);
    });
  });
}

/** Items under test. */
export interface StartedPermitItems {
  readonly items: PermitItems;
  stop(): Promise<void>;
}
