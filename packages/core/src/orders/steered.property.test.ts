import fc from "fast-check";
import { expect, test } from "vitest";
import type { ControlState } from "../law/control.ts";
import type { LimitOrder } from "../ports/orders.ts";
import { isForced, steered } from "./steered.ts";

const NOW_MS = 1_000;
const limit = fc.integer({ min: 1, max: 20 });
const order: fc.Arbitrary<LimitOrder> = fc.record({
  id: fc.constant("a"),
  by: fc.constant("anna"),
  reason: fc.constant("trouble"),
  limit,
  fromMs: fc.integer({ min: NOW_MS - 2, max: NOW_MS + 2 }),
  untilMs: fc.integer({ min: NOW_MS - 2, max: NOW_MS + 2 }),
});
const orders = fc.record({ pin: order, force: order }, { requiredKeys: [] });
const common = { limit, target: limit, epoch: fc.nat(9) };
const control: fc.Arbitrary<ControlState> = fc.oneof(
  fc.record({ phase: fc.constant("closed" as const), ...common }),
  fc.record({
    phase: fc.constant("open" as const),
    ...common,
    probeAtMs: fc.constant(NOW_MS),
    isValveKept: fc.boolean(),
  }),
  fc.record({ phase: fc.constant("half-open" as const), ...common, isValveKept: fc.boolean() }),
);
const isInForce = (one: LimitOrder | undefined) =>
  one !== undefined && one.fromMs <= NOW_MS && NOW_MS < one.untilMs;

test("a pin never raises a limit, and never lets one above it, forced or not", () => {
  fc.assert(
    fc.property(control, orders, (decided, given) => {
      const inForce = steered(decided, given, NOW_MS);
      const wanted = isForced(decided, given, NOW_MS) ? given.force?.limit : decided.limit;
      expect(inForce.limit).toBeLessThanOrEqual(wanted ?? 0);
      if (isInForce(given.pin) && inForce.phase === "closed") {
        expect(inForce.limit).toBe(Math.min(wanted ?? 0, given.pin?.limit ?? 0));
        expect(inForce.target).toBeLessThanOrEqual(given.pin?.limit ?? 0);
        if (inForce.pinnedUntilMs !== undefined) expect(inForce.unpinnedLimit).toBe(wanted);
      }
      expect(inForce.epoch).toBe(decided.epoch);
    }),
  );
});

test("only a force that is in force lets an open breaker flow, and names its end", () => {
  fc.assert(
    fc.property(control, orders, (decided, given) => {
      const inForce = steered(decided, given, NOW_MS);
      const flows = decided.phase !== "closed" && isInForce(given.force);
      expect(inForce.forcedUntilMs).toBe(flows ? given.force?.untilMs : undefined);
      if (!flows) expect(inForce.phase).toBe(decided.phase);
    }),
  );
});

test("without an order in force the control is the law's", () => {
  fc.assert(
    fc.property(control, (decided) => {
      expect(steered(decided, {}, NOW_MS)).toEqual(decided);
    }),
  );
});
