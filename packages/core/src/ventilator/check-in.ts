import { messageOf, Unreachable } from "../errors.ts";
import { type Evidence, NO_EVIDENCE } from "../law/evidence.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { PermitShard, Report } from "../ports/permit-items.ts";
import { persist } from "../timing/persist.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import type { BatchResult } from "./run-tasks.ts";

/**
 * Returns the permits of a batch with its last evidence, and lets the breaker consider it. Never throws: what can't be
 * returned runs out.
 */
export async function checkIn(
  inHand: HeldPermits,
  { tally, withheld, dispositions }: BatchResult,
  { writeUntilMs }: BatchTimes,
  { permits, breaker, clock, log }: VentilatorDeps,
): Promise<void> {
  const report = tally.takeReport(clock.nowMs());
  log.info("batch ended", { records: dispositions.size, epoch: report.epoch, ...countsOf(tally.total()) });
  try {
    const write = createWrite(inHand, report, withheld, permits);
    const isRepeatable = withheld.size < inHand.leases.length;
    const shard = await (isRepeatable ? persist(clock, writeUntilMs, write) : write());
    await breaker.consider({ shardIndex: inHand.shardIndex, shard, report });
    // A call of unknown fate may still be under way: its lease has to run out before another probe.
    if (inHand.isProbe && withheld.size === 0) await permits.endProbe(inHand);
  } catch (thrown) {
    log.error("permits could not be returned, they will run out", { cause: messageOf(thrown) });
  }
}

/**
 * Makes a check-in that may be repeated. A try that was carried out without an answer, or will be, must not count its
 * evidence twice: the next ones bring none.
 */
function createWrite(
  inHand: HeldPermits,
  report: Report,
  withheld: BatchResult["withheld"],
  permits: VentilatorDeps["permits"],
): () => Promise<PermitShard> {
  let left = report;
  return async () => {
    try {
      return await permits.checkIn(inHand, left, withheld);
    } catch (thrown) {
      if (thrown instanceof Unreachable && !thrown.isUndone) left = { ...report, evidence: NO_EVIDENCE };
      throw thrown;
    }
  };
}

/** The number of each outcome that there is, for the log. */
function countsOf(evidence: Evidence): Partial<Evidence> {
  return Object.fromEntries(Object.entries(evidence).filter(([name, sum]) => /Count$/.test(name) && sum > 0));
}
