import { messageOf } from "../errors.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Gate } from "../permits/gate.ts";
import type { GateReading, PermitPool } from "../permits/permit-pool.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Lease } from "../ports/permit-items.ts";

/** Answers before each start whether it may happen, from a reading of the gate that is never older than 2 s. */
export interface GateKeeper {
  gateFor(lease: Lease): Promise<Gate>;
  /** The epoch that a request belongs to which starts now. */
  epoch(): number;
  /** When anyone last reported a success, as far as is known here. */
  lastOkAtMs(): number;
  /** Shuts the gate in this process at once, before the store tells everyone else. */
  shutUntil(reopensAtMs: number): void;
}

const READING_MAX_AGE_MS = 2_000;

/** Keeps the gate for permits that have just been checked out. */
export function createGateKeeper(
  permits: PermitPool,
  held: HeldPermits,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): GateKeeper {
  let readAtMs = clock.nowMs();
  let reading: GateReading = { ...held, gateFor: () => ({ kind: "open" }) };
  let shutUntilMs = 0;

  async function gateFor(lease: Lease): Promise<Gate> {
    const nowMs = clock.nowMs();
    if (shutUntilMs > nowMs) return { kind: "shut", reason: "held", reopensAtMs: shutUntilMs };
    if (nowMs - readAtMs > READING_MAX_AGE_MS) await refresh(nowMs);
    return reading.gateFor(lease);
  }

  async function refresh(nowMs: number): Promise<void> {
    readAtMs = nowMs;
    try {
      reading = await permits.readGate(held, nowMs);
    } catch (thrown) {
      // The leases are still ours, so the bound holds; the claim will fail if the store stays away.
      log.warn("the gate could not be read, the last reading stands", { cause: messageOf(thrown) });
    }
  }

  function shutUntil(reopensAtMs: number): void {
    shutUntilMs = Math.max(shutUntilMs, reopensAtMs);
  }

  return {
    gateFor,
    epoch: () => reading.epoch,
    lastOkAtMs: () => reading.lastOkAtMs,
    shutUntil,
  };
}
