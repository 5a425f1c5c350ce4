import { FOR_EVER_MS } from "../orders/orders-in-force.ts";

/** The end of an order, in words. */
export function untilText(untilMs: number): string {
  return untilMs === FOR_EVER_MS ? "without an end" : `until ${new Date(untilMs).toISOString()}`;
}
