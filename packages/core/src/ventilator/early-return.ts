import { messageOf } from "../errors.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Lease } from "../ports/permit-items.ts";
import { persist } from "../timing/persist.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import type { Door } from "./door.ts";

/** Returns single permits of a batch that goes on with its others. */
export interface EarlyReturn {
  /**
   * Works with all permits at a time. One that is not to start anything more is returned at once, unless it is the last:
   * the batch ends then. What can't be returned runs out.
   */
  workWithAll(work: (lease: Lease) => Promise<void>, door: Pick<Door, "isBeyond">): Promise<void>;
  /** The permits that were returned so. */
  readonly returned: ReadonlySet<Lease>;
}

/** Makes the early return of a batch with these permits. */
export function createEarlyReturn(
  inHand: HeldPermits,
  withheld: ReadonlySet<Lease>,
  { writeUntilMs }: Pick<BatchTimes, "writeUntilMs">,
  { permits, clock, log }: VentilatorDeps,
): EarlyReturn {
  const returned = new Set<Lease>();
  let workingCount = inHand.leases.length;

  async function workWithAll(
    work: (lease: Lease) => Promise<void>,
    { isBeyond }: Pick<Door, "isBeyond">,
  ): Promise<void> {
    await Promise.all(
      inHand.leases.map(async (lease) => {
        await work(lease);
        workingCount -= 1;
        if (workingCount > 0 && isBeyond(lease) && !withheld.has(lease)) await giveBack(lease);
      }),
    );
  }

  async function giveBack(lease: Lease): Promise<void> {
    returned.add(lease);
    const report = { epoch: inHand.epoch, evidence: {}, atMs: clock.nowMs() };
    const one = { ...inHand, leases: [lease] };
    try {
      await persist(clock, writeUntilMs, () => permits.checkIn(one, report, new Set()));
    } catch (thrown) {
      log.error("a permit could not be returned, it will run out", { cause: messageOf(thrown) });
    }
  }

  return { workWithAll, returned };
}
