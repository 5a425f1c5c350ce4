import { randomBytes } from "node:crypto";

/** Tickets to the page, of which each lets in once and soon: for places that others may see, such as a list of processes. */
export interface Tickets {
  issue(): string;
  /** Takes a ticket; false for one that was taken before, or is too old, or was never issued. */
  redeem(ticket: string): boolean;
}

const BYTES = 18;
/** A desktop opens a browser in that time. */
const VALID_MS = 60_000;

/** Makes tickets. @param nowMs a clock that never goes back, in ms */
export function createTickets(nowMs: () => number = () => performance.now()): Tickets {
  const endsAtMs = new Map<string, number>();
  return {
    issue() {
      const ticket = randomBytes(BYTES).toString("base64url");
      endsAtMs.set(ticket, nowMs() + VALID_MS);
      return ticket;
    },
    redeem(ticket) {
      const untilMs = endsAtMs.get(ticket);
      endsAtMs.delete(ticket);
      return untilMs !== undefined && nowMs() < untilMs;
    },
  };
}
