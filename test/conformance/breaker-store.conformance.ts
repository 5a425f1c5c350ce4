import type { BreakerStore } from "@sluice/core/ports";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

/** What every {@link BreakerStore} must do. `start` makes a place with stores, each of another provider. */
export function describeBreakerStore(name: string, start: () => Promise<StartedBreakerStores>): void {
  describe(`breaker store: ${name}`, () => {
    let stores: StartedBreakerStores;
    let store: BreakerStore;

    beforeAll(async () => {
      stores = await start();
    });
    beforeEach(async () => {
      store = await stores.open();
    });
    afterAll(() => stores.stop());

    test("remembers nothing at first", async () => {
      expect(await store.read()).toBeUndefined();
      expect(await store.readValve("records")).toBeUndefined();
    });

    const ANY_JSON = { phase: "open", list: [1, 2.5, null], nested: { ü: "\u0000🦊" }, flag: false };

    test("reads the state that was committed last, and its version", async () => {
      expect(await store.commit({ phase: "closed" }, 0)).toBe("committed");
      expect(await store.read()).toEqual({ version: 1, memory: { phase: "closed" } });
      expect(await store.commit(ANY_JSON, 1)).toBe("committed");
      expect(await store.read()).toEqual({ version: 2, memory: ANY_JSON });
    });

    test.each([0, 1, 3])(
      "with version 2 stored, a commit upon version %i is a conflict and changes nothing",
      async (ifVersion) => {
        await store.commit("one", 0);
        await store.commit("two", 1);
        expect(await store.commit("late", ifVersion)).toBe("conflict");
        expect(await store.read()).toEqual({ version: 2, memory: "two" });
      },
    );

    test("a commit upon a version where nothing is stored is a conflict", async () => {
      expect(await store.commit("one", 1)).toBe("conflict");
      expect(await store.read()).toBeUndefined();
    });

    test("of many commits upon one version, one goes through", async () => {
      const results = await Promise.all([..."abcdefgh"].map((state) => store.commit(state, 0)));
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
      expect((await store.read())?.version).toBe(1);
    });

    test("what was committed stays as it was, whatever becomes of the value", async () => {
      const state = { limit: 1 };
      await store.commit(state, 0);
      state.limit = 2;
      const stored = await store.read();
      Object.assign(Object(stored?.memory), { limit: 3 });
      expect(await store.read()).toEqual({ version: 1, memory: { limit: 1 } });
    });

    test("the notes on each valve have versions of their own", async () => {
      await store.commit("state", 0);
      expect(await store.commitValve("records", { batchSize: 1 }, 0)).toBe("committed");
      expect(await store.commitValve("express", { batchSize: 2 }, 0)).toBe("committed");
      expect(await store.commitValve("records", ANY_JSON, 1)).toBe("committed");
      expect(await store.commitValve("express", "late", 0)).toBe("conflict");
      expect(await store.readValve("records")).toEqual({ version: 2, notes: ANY_JSON });
      expect(await store.readValve("express")).toEqual({ version: 1, notes: { batchSize: 2 } });
      expect(await store.read()).toEqual({ version: 1, memory: "state" });
    });

    test("providers don't see each other's state", async () => {
      await store.commit("mine", 0);
      const other = await stores.open();
      expect(await other.read()).toBeUndefined();
      expect(await other.commit("other", 0)).toBe("committed");
      expect(await store.read()).toEqual({ version: 1, memory: "mine" });
    });
  });
}

/** A place with stores under test. */
export interface StartedBreakerStores {
  /** An empty store of another provider than those opened before. */
  open(): Promise<BreakerStore>;
  stop(): Promise<void>;
}
