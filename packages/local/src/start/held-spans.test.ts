import type { BreakerEvent } from "@sluice/core/ports";
import { expect, test } from "vitest";
import { heldSpans } from "./held-spans.ts";

const holdOf = (id: string, fromMs: number, untilMs: number) => ({ id, by: "anna", fromMs, untilMs });

function order(atMs: number, details: unknown): BreakerEvent {
  return { id: `order-${atMs}`, atMs, kind: "order", summary: "", details };
}

const held = (atMs: number, hold: ReturnType<typeof holdOf>) => order(atMs, { given: { hold }, ended: {} });

test("a hold lasts from its order to its end", () => {
  expect(heldSpans([held(10_000, holdOf("one", 8_000, 30_000))])).toEqual([
    { by: "anna", fromMs: 10_000, untilMs: 30_000 },
  ]);
});

test("one that is planned lasts from its beginning", () => {
  expect(heldSpans([held(10_000, holdOf("one", 20_000, 30_000))])).toMatchObject([
    { fromMs: 20_000, untilMs: 30_000 },
  ]);
});

test("an order ends the one before, and a resume ends it for good", () => {
  const events = [
    held(10_000, holdOf("one", 8_000, 30_000)),
    order(20_000, {
      given: { hold: holdOf("two", 18_000, 60_000) },
      ended: { hold: holdOf("one", 8_000, 30_000) },
    }),
    order(25_000, { ended: { hold: holdOf("two", 18_000, 60_000) } }),
  ];
  expect(heldSpans(events)).toMatchObject([
    { fromMs: 10_000, untilMs: 20_000 },
    { fromMs: 20_000, untilMs: 25_000 },
  ]);
});

test("a planned hold that ended before it began was none, nor is any other order or event", () => {
  const planned = holdOf("one", 20_000, 30_000);
  const events: BreakerEvent[] = [
    held(10_000, planned),
    order(15_000, { ended: { hold: planned } }),
    order(16_000, { given: { pin: { id: "pin" } }, ended: {} }),
    { id: "valve", atMs: 17_000, kind: "valve", summary: "", details: {} },
  ];
  expect(heldSpans(events)).toEqual([]);
});
