import { messageOf } from "../errors.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Lease } from "../ports/permit-items.ts";
import { persist } from "../timing/persist.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";

/** Returns single permits of a batch that goes on with its others. */
export interface EarlyReturn {
  /** Returns a permit, unless it is the last one: the batch ends then. Never throws: what can't be returned runs out. */
  end(lease: Lease, isBeyond: boolean): Promise<void>;
  /** Permits that were returned before the batch's end. */
  readonly returned: ReadonlySet<Lease>;
}

/** Makes the early return of a batch with these permits. */
export function createEarlyReturn(
  inHand: HeldPermits,
  { writeUntilMs }: Pick<BatchTimes, "writeUntilMs">,
  { permits, clock, log }: VentilatorDeps,
): EarlyReturn {
  const returned = new Set<Lease>();
  let workingCount = inHand.leases.length;

  async function end(lease: Lease, isBeyond: boolean): Promise<void> {
    workingCount -= 1;
    if (!isBeyond || workingCount === 0) return;
    returned.add(lease);
    const report = { epoch: inHand.epoch, evidence: {}, atMs: clock.nowMs() };
    const one = { ...inHand, leases: [lease] };
    try {
      await persist(clock, writeUntilMs, () => permits.checkIn(one, report, new Set()));
    } catch (thrown) {
      log.error("a permit could not be returned, it will run out", { cause: messageOf(thrown) });
    }
  }

  return { end, returned };
}
