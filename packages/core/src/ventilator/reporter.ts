import { messageOf } from "../errors.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { VentilatorDeps } from "./deps.ts";
import type { Tally } from "./tally.ts";

/** Reports the evidence of a long batch while the batch goes on, and lets the breaker consider it. */
export interface Reporter {
  /** Sends a report if the last one is long enough ago. Never throws: evidence that can't be reported is dropped. */
  reportWhenDue(): Promise<void>;
}

/** Time between two reports, and the shorter one where bad news waits. */
const REPORT_EVERY_MS = 3_000;
const REPORT_BAD_EVERY_MS = 500;

/** Makes the reporter of a batch that starts now. */
export function createReporter(
  tally: Tally,
  inHand: HeldPermits,
  { permits, breaker, clock, log }: VentilatorDeps,
): Reporter {
  let reportedAtMs = clock.nowMs();

  async function reportWhenDue(): Promise<void> {
    const nowMs = clock.nowMs();
    const everyMs = tally.hasBadNews() ? REPORT_BAD_EVERY_MS : REPORT_EVERY_MS;
    if (!tally.hasNews() || nowMs - reportedAtMs < everyMs) return;
    reportedAtMs = nowMs;
    const report = tally.takeReport(nowMs);
    try {
      const shard = await permits.report(inHand, report);
      await breaker.consider({ shardIndex: inHand.shardIndex, shard, report });
    } catch (thrown) {
      log.warn("observations could not be reported, they are dropped", { cause: messageOf(thrown) });
    }
  }

  return { reportWhenDue };
}
