import type { PermitShard } from "../ports/permit-items.ts";

/** A time in which nothing may start, for a reason that is no trouble of the provider's. */
export interface Hold {
  /** `order`: operators hold the provider; `retry-after`: it has asked to be left alone. */
  readonly kind: "order" | "retry-after";
  /** Minus infinity for one whose beginning is not known. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * All holds that a shard knows of, past and coming ones too. Every reason to stay shut that has a time of its own is
 * told here, and nowhere else: gate, valve, waker and gauges follow.
 */
export function holdsOn({ heldUntilMs, orderedHold }: PermitShard): readonly Hold[] {
  const holds: Hold[] = [];
  if (heldUntilMs > 0)
    holds.push({ kind: "retry-after", fromMs: Number.NEGATIVE_INFINITY, untilMs: heldUntilMs });
  if (orderedHold !== undefined && orderedHold.untilMs > orderedHold.fromMs) {
    const { fromMs, untilMs } = orderedHold;
    holds.push({ kind: "order", fromMs, untilMs });
  }
  return holds;
}

/** The holds that are in force at an instant. */
export function holdsAt(holds: readonly Hold[], nowMs: number): readonly Hold[] {
  return holds.filter(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs);
}

/** The first instant from `atMs` on at which no hold is in force: where one ends in another, the end of that one. */
export function freeFromMs(holds: readonly Hold[], atMs: number): number {
  let freeMs = atMs;
  for (let inForce = holdsAt(holds, freeMs); inForce.length > 0; inForce = holdsAt(holds, freeMs)) {
    freeMs = Math.max(...inForce.map(({ untilMs }) => untilMs));
  }
  return freeMs;
}

/** True if an operator's hold keeps the gate shut at an instant: he may end it at any time before. */
export function isOrderedAt(holds: readonly Hold[], nowMs: number): boolean {
  return holdsAt(holds, nowMs).some(({ kind }) => kind === "order");
}
