import type { Wish } from "../ports/permit-items.ts";

/**
 * A wish runs out after this time unless it is renewed: as long as clocks may differ, and a renewal that is late. A permit
 * that is kept for a batch that has died is idle for so long.
 */
export const WISH_MS = 6_000;
/** Most wishes of a lane on one shard: the item's size is billed with each of its writes. */
export const WISHES_MAX = 10;
/** Characters of a holder's id that tell its wishes from others. */
const HOLDER_LENGTH = 8;

/** Makes the wishes of one holder, as short texts: DynamoDB's string sets add and delete idempotently. */
export function makeWishes(holderId: string, count: number, untilMs: number): Wish[] {
  const holder = holderId.slice(-HOLDER_LENGTH);
  return Array.from({ length: count }, (_, index) => ({ text: `${holder}.${index}@${untilMs}`, untilMs }));
}

/** Parses a stored wish. One that can't be read has run out: whoever wrote it only waits longer. */
export function parseWish(text: string): Wish {
  const untilMs = Number(text.slice(text.lastIndexOf("@") + 1));
  return { text, untilMs: Number.isInteger(untilMs) ? untilMs : 0 };
}

/** Wishes that still count, and those that have run out. */
export interface WishesNow {
  readonly live: readonly Wish[];
  readonly lapsed: readonly Wish[];
}

/** Tells live wishes from lapsed ones. */
export function wishesAt(wishes: readonly Wish[], nowMs: number): WishesNow {
  return {
    live: wishes.filter(({ untilMs }) => untilMs > nowMs),
    lapsed: wishes.filter(({ untilMs }) => untilMs <= nowMs),
  };
}
