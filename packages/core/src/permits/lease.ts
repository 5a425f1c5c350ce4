import { StoredRowInvalid } from "../errors.ts";

/** The right to have one request in flight, until it is given back or runs out. */
export interface Lease {
  /** As it is stored; equal leases are the same lease. */
  readonly text: string;
  readonly takenAtMs: number;
  readonly expiresAtMs: number;
}

/** Makes the leases of one holder. They are text because DynamoDB's string sets add and delete idempotently. */
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

/** Whether a lease no longer counts. Its holder's own deadline lies earlier by a margin for clocks that differ. */
export function isLapsed(lease: Lease, nowMs: number): boolean {
  return lease.expiresAtMs < nowMs;
}
