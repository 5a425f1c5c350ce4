import { expect, test } from "vitest";
import { createTickets } from "./tickets.ts";

test("a ticket lets in once, within a minute", () => {
  let nowMs = 0;
  const { issue, redeem } = createTickets(() => nowMs);
  const [one, other] = [issue(), issue()];
  expect(one).not.toBe(other);
  expect(redeem("never issued")).toBe(false);
  expect(redeem(one)).toBe(true);
  expect(redeem(one)).toBe(false);
  nowMs = 60_000;
  expect(redeem(other)).toBe(false);
});
