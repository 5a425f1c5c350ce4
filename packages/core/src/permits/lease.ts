import { StoredRowInvalid } from "../errors.ts";

/** The right to have one request in flight, until it is given back or runs out. */
export interface Lease {
  /** As it is stored; equal leases are the same lease. */
  readonly text: string;
  readonly takenAtMs: number;
  readonly expiresAtMs: number;
}

const LEASE = /^[^@]+@(?<takenAtMs>\d+)-(?<expiresAtMs>\d+)$/;

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
  const { takenAtMs, expiresAtMs } = LEASE.exec(text)?.groups ?? {};
  if (takenAtMs === undefined || expiresAtMs === undefined) throw new StoredRowInvalid(text, "not a lease");
  return { text, takenAtMs: Number(takenAtMs), expiresAtMs: Number(expiresAtMs) };
}

/** Whether a lease no longer counts. Its holder's own deadline lies earlier by a margin for clocks that differ. */
export function isLapsed(lease: Lease, nowMs: number): boolean {
  return lease.expiresAtMs < nowMs;
}
