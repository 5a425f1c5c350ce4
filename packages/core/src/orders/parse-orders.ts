import * as z from "zod";
import type { LimitOrder, Order, Orders } from "../ports/orders.ts";
import type { StoredOrders } from "../ports/orders-store.ts";

/** Orders, and the version that a commit must name; 0: nothing was ever stored. */
export interface KnownOrders {
  readonly orders: Orders;
  readonly version: number;
  /** Cause of an unreadable stored value: there are no orders then, and a commit replaces it. */
  readonly unreadable?: string;
}

const shape = {
  id: z.string(),
  by: z.string(),
  reason: z.string(),
  fromMs: z.number(),
  untilMs: z.number(),
};

const orderSchema: z.ZodType<Order> = z.object(shape);
const limitOrderSchema: z.ZodType<LimitOrder> = z.object({ ...shape, limit: z.int().min(1) });

const timedSchema = z.object({
  hold: z.exactOptional(orderSchema),
  pin: z.exactOptional(limitOrderSchema),
  force: z.exactOptional(limitOrderSchema),
});

const ordersSchema: z.ZodType<Orders> = timedSchema.extend({
  change: z.exactOptional(
    z.object({
      id: z.string(),
      atMs: z.number(),
      by: z.string(),
      summary: z.string(),
      given: z.exactOptional(timedSchema),
      ended: timedSchema,
    }),
  ),
});

/**
 * Parses stored orders. Where they can't be read there are none, and the copies that permit shards have stand: a breaker
 * that stood still until the row was mended would be worse.
 */
export function parseOrders(stored: StoredOrders | undefined): KnownOrders {
  if (stored === undefined) return { orders: {}, version: 0 };
  const { version } = stored;
  const parsed = ordersSchema.safeParse(stored.orders);
  if (parsed.success) return { orders: parsed.data, version };
  return { orders: {}, version, unreadable: z.prettifyError(parsed.error) };
}
