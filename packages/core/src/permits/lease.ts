import { StoredRowInvalid } from "../errors.ts";
import type { Lease } from "../ports/permit-items.ts";

/** Makes the leases of one holder, as text: DynamoDB's string sets add and delete idempotently. */
export function makeLeases(holderId: string, count: number, takenAtMs: number, expiresAtMs: number): Lease[] {
  return Array.from({ length: count }, (_, index) => ({
    text: `${holderId}.${index}@${takenAtMs}-${expiresAtMs}`,
    takenAtMs,
    expiresAtMs,
  }));
}

/** Parses a stored lease. @throws StoredRowInvalid */
export function parseLease(text: string): Lease {
  const at = text.lastIndexOf("@");
  const dash = text.indexOf("-", at);
  const takenAtMs = Number(text.slice(at + 1, dash));
  const expiresAtMs = Number(text.slice(dash + 1));
  const isLease = at > 0 && dash > at + 1 && Number.isInteger(takenAtMs) && expiresAtMs > 0;
  if (!isLease) throw new StoredRowInvalid(text, "not a lease");
  return { text, takenAtMs, expiresAtMs };
}

/** Leases that still count, and those that have run out. */
export interface LeasesNow {
  readonly live: readonly Lease[];
  /** Those that have run out. Their holders' own deadlines lie earlier by a margin for clocks that differ. */
  readonly lapsed: readonly Lease[];
}

/** Tells live leases from lapsed ones. */
export function leasesAt(leases: readonly Lease[], nowMs: number): LeasesNow {
  return {
    live: leases.filter(({ expiresAtMs }) => expiresAtMs >= nowMs),
    lapsed: leases.filter(({ expiresAtMs }) => expiresAtMs < nowMs),
  };
}

/** True if a lease is among others. */
export function hasLease(leases: readonly Lease[], { text }: Lease): boolean {
  return leases.some((lease) => lease.text === text);
}
