import type { BackOff } from "../provider/provider.ts";

/** Back-off of a message that was not started: short at first, because a permit may be free any moment. */
export const UNSTARTED_BACK_OFF: BackOff = { firstMs: 1_000, maxMs: 60_000 };

/**
 * The end of a queue message. Only a record that is fetched, or dead with a dead letter sent, is acknowledged;
 * everything else is handed back, to be seen again after `visibleInMs` or, without one, at its visibility timeout.
 */
export type Disposition =
  | { readonly kind: "acknowledge" }
  | { readonly kind: "hand-back"; readonly visibleInMs?: number };

/** Disposition of a message that needs no further work. */
export const ACKNOWLEDGE: Disposition = { kind: "acknowledge" };

/** Disposition of a message that is to come again, after a while if one is given. */
export function handBack(visibleInMs?: number): Disposition {
  return visibleInMs === undefined ? { kind: "hand-back" } : { kind: "hand-back", visibleInMs };
}
