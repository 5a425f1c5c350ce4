import { messageOf } from "../errors.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Gate } from "../permits/gate.ts";
import type { GateReading, PermitPool } from "../permits/permit-pool.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Lease } from "../ports/permit-items.ts";
import type { Provider } from "../provider/provider.ts";
import { accessAt } from "../steering/windows/access.ts";
import type { KnownAnswers } from "./known-answers.ts";
import { shutGate } from "./reopening.ts";

/**
 * The gate as a batch sees it before each start. It is read anew when the reading is older than 2 s; if that
 * fails the last reading stands for another 2 s.
 */
export interface GateKeeper {
  /** The gate for the next record of a lease. */
  gateFor(lease: Lease): Promise<Gate>;
  /** The epoch of a request that starts now. */
  epoch(): number;
  /** The provider's answers that any batch has reported, as of the reading. */
  known(): KnownAnswers;
  /** Shuts the gate of this batch at once, before a reading of the store does. */
  shutUntil(reopensAtMs: number): void;
}

const READING_MAX_AGE_MS = 2_000;

/** Keeps the gate for permits that have just been checked out, and so takes it for open. */
export function createGateKeeper(
  permits: PermitPool,
  inHand: HeldPermits,
  { clock, log, provider }: { readonly clock: Clock; readonly log: Log; readonly provider: Provider },
): GateKeeper {
  let readAtMs = clock.nowMs();
  let reading: GateReading = { ...inHand, gateFor: () => ({ kind: "open" }) };
  let shutUntilMs = 0;

  async function gateFor(lease: Lease): Promise<Gate> {
    const nowMs = clock.nowMs();
    if (shutUntilMs > nowMs) return shutGate(shutUntilMs);
    const access = accessAt(provider, nowMs);
    if (access.kind === "closed") return shutGate(access.opensAtMs);
    if (nowMs - readAtMs > READING_MAX_AGE_MS) await refresh(nowMs);
    return reading.gateFor(lease);
  }

  async function refresh(nowMs: number): Promise<void> {
    readAtMs = nowMs;
    try {
      reading = await permits.readGate(inHand, nowMs);
    } catch (thrown) {
      // The permits in hand are still lent, so the bound is kept; the claim will fail if the store stays away.
      log.warn("the gate could not be read, the last reading stands", { cause: messageOf(thrown) });
    }
  }

  function shutUntil(reopensAtMs: number): void {
    shutUntilMs = Math.max(shutUntilMs, reopensAtMs);
  }

  return {
    gateFor,
    epoch: () => reading.epoch,
    known: () => reading,
    shutUntil,
  };
}
