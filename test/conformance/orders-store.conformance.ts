import type { Order, Orders, OrdersStore } from "@sluice/core/ports";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

/** What every {@link OrdersStore} must do. `start` makes a place with stores, each of another provider. */
export function describeOrdersStore(name: string, start: () => Promise<StartedOrdersStores>): void {
  describe(`orders store: ${name}`, () => {
    let stores: StartedOrdersStores;
    let store: OrdersStore;

    beforeAll(async () => {
      stores = await start();
    });
    beforeEach(async () => {
      store = await stores.open();
    });
    afterAll(() => stores.stop());

    test("remembers nothing at first", async () => {
      expect(await store.read()).toBeUndefined();
    });

    test("reads the orders that were committed last, and their version", async () => {
      expect(await store.commit(ORDERS, 40, 0)).toBe("committed");
      expect(await store.read()).toEqual({ version: 40, orders: ORDERS });
      expect(await store.commit({}, 41, 40)).toBe("committed");
      expect(await store.read()).toEqual({ version: 41, orders: {} });
    });

    test.each([0, 6, 8])(
      "with version 7 stored, a commit upon version %i is a conflict and changes nothing",
      async (ifVersion) => {
        await store.commit(ORDERS, 7, 0);
        expect(await store.commit({}, 9, ifVersion)).toBe("conflict");
        expect(await store.read()).toEqual({ version: 7, orders: ORDERS });
      },
    );

    test("a commit that is repeated is a conflict", async () => {
      await store.commit(ORDERS, 7, 0);
      expect(await store.commit(ORDERS, 7, 0)).toBe("conflict");
    });

    test("of many commits upon one version, one goes through", async () => {
      const results = await Promise.all([1, 2, 3, 4, 5].map((version) => store.commit({}, version, 0)));
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
    });

    test("what was committed stays as it was, whatever becomes of the value", async () => {
      const orders = { hold: { ...HOLD } };
      await store.commit(orders, 1, 0);
      orders.hold.untilMs = 0;
      Object.assign(Object((await store.read())?.orders), { hold: undefined });
      expect(await store.read()).toEqual({ version: 1, orders: { hold: HOLD } });
    });

    test("providers don't see each other's orders", async () => {
      await store.commit(ORDERS, 1, 0);
      const other = await stores.open();
      expect(await other.read()).toBeUndefined();
      expect(await other.commit({}, 1, 0)).toBe("committed");
      expect(await store.read()).toEqual({ version: 1, orders: ORDERS });
    });
  });
}

const HOLD: Order = {
  id: "Any#id/",
  by: "arn:aws:sts::123456789012:assumed-role/ops/anna",
  reason: "“their” maintenance ü 🦊",
  fromMs: NOON_MS,
  untilMs: 8_640_000_000_000_000,
};

const ORDERS: Orders = {
  hold: HOLD,
  pin: { ...HOLD, limit: 3 },
  change: { id: "b", atMs: NOON_MS, by: "ben", summary: "held", given: { hold: HOLD }, ended: {} },
};

/** A place with stores under test. */
export interface StartedOrdersStores {
  /** An empty store of another provider than those opened before. */
  open(): Promise<OrdersStore>;
  stop(): Promise<void>;
}
