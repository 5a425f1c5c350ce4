import { LAMBDA_TIMEOUT_MAX_MS } from "../aws-bounds.ts";
import type { Lease } from "../ports/permit-items.ts";
import type { Lane } from "../provider/lane.ts";

/** Most bytes of a lease of which the holder's id is a UUID and that is one of ten at most. */
export const LEASE_BYTES = 30;

/** Seconds after which ranks begin anew: ten times the longest life of a lease, in few digits. */
const RANK_SPAN_S = 10_000;

/**
 * Makes the leases of one holder, as text: DynamoDB's string sets add and delete idempotently. The texts are short because
 * the item's size is billed with each of its writes, and read as `holder@rank-end`: versions that write longer ones read these too.
 */
export function makeLeases(holderId: string, count: number, takenAtMs: number, expiresAtMs: number): Lease[] {
  const holder = shortened(holderId);
  const rank = Math.floor(takenAtMs / 1_000) % RANK_SPAN_S;
  return Array.from({ length: count }, (_, index) => ({
    text: `${holder}.${index}@${rank}-${expiresAtMs}`,
    rank,
    expiresAtMs,
  }));
}

/** A UUID, with the hexadecimal digits that are random in it whatever its version. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-([0-9a-f]{12})$/;

/**
 * A holder's id in eight characters, of 48 random bits: that two of a thousand holders who take in the same second have
 * the same is less likely than one in 10^8. Ids that are no UUID stay as they are.
 */
function shortened(holderId: string): string {
  return holderId.replace(UUID, (_, digits: string) =>
    btoa(digits.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))),
  );
}

/**
 * Parses a stored lease. A text that can't be read is a lease that never ends: its permit is in use for all that is
 * known. The waker puts one that ends in its place, see {@link substituteFor}.
 */
export function parseLease(text: string): Lease {
  const at = text.lastIndexOf("@");
  const dash = text.indexOf("-", at);
  const rank = Number(text.slice(at + 1, dash));
  const expiresAtMs = Number(text.slice(dash + 1));
  const isLease = at > 0 && dash > at + 1 && Number.isInteger(rank) && expiresAtMs > 0;
  return isLease ? { text, rank, expiresAtMs } : { text, rank: 0, expiresAtMs: Infinity };
}

/** The first character of an express holder's leases, which no id begins with. */
const EXPRESS_MARK = "!";

/** The holder's name in a lane's leases. */
export function holderIn(lane: Lane, holderId: string): string {
  return lane === "express" ? `${EXPRESS_MARK}${holderId}` : holderId;
}

/** The lane of a lease; one that doesn't say counts as the bulk's. */
export function laneOf({ text }: Lease): Lane {
  return text.startsWith(EXPRESS_MARK) ? "express" : "records";
}

/** True of a lease that ranks before another one; all holders order them alike. */
export function isBefore(one: Lease, other: Lease): boolean {
  if (one.rank !== other.rank) return one.rank < other.rank;
  return one.text < other.text;
}

/** True of a lease whose text can't be read. */
export function isUnreadable({ expiresAtMs }: Lease): boolean {
  return expiresAtMs === Infinity;
}

/** Clocks of two hosts differ by at most this much; a lease outlives its holder by it. */
export const CLOCK_SKEW_MS = 2_000;

/** A lease that ends when the holder of an unreadable one can't live any more, whoever it is; it keeps its rank. */
export function substituteFor({ text }: Lease, nowMs: number): Lease {
  const untilMs = nowMs + LAMBDA_TIMEOUT_MAX_MS + CLOCK_SKEW_MS;
  return {
    text: `unreadable ${text.replaceAll(/[@-]/g, "_")}@0-${untilMs}`,
    rank: 0,
    expiresAtMs: untilMs,
  };
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
