import { VISIBILITY_TIMEOUT_MAX_MS } from "@sluice/core/aws-bounds";
import type { VisibilityChange } from "@sluice/core/ports";
import type { ReceivesDeps } from "./receives.ts";

/**
 * The end of a deletion: `expired` if the message may be with another receiver by now, and stays. `gone` is as good as
 * deleted. AWS was seen to refuse the former and to accept the latter.
 */
export type RemovalOutcome = "deleted" | "gone" | "expired" | "unknown";

/**
 * The end of a change of visibility: `too-long` if the message would be hidden for more than 12 h after its receive.
 */
export type VisibilityOutcome = "changed" | "gone" | "visible" | "too-long" | "unknown";

/** The changes that the holder of a receipt handle can make. */
export interface ReceiptChanges {
  /** Deletes the message of a receipt handle. */
  remove(receiptHandle: string): RemovalOutcome;
  /** Lets a received message be seen after a delay, rounded up to whole seconds. */
  changeVisibility(change: VisibilityChange): VisibilityOutcome;
}

/** Changes what a queue keeps. */
export function createReceiptChanges({
  clock,
  kept,
  settle,
  note,
}: Pick<ReceivesDeps, "clock" | "kept" | "settle" | "note">): ReceiptChanges {
  return {
    remove(receiptHandle) {
      settle();
      const receipt = kept.findReceipt(receiptHandle);
      if (receipt.kind !== "current") return REMOVAL[receipt.kind];
      kept.remove(receipt.message);
      note();
      return "deleted";
    },
    changeVisibility({ receiptHandle, delayMs }) {
      settle();
      const receipt = kept.findReceipt(receiptHandle);
      if (receipt.kind !== "current") return CHANGE[receipt.kind];
      const untilMs = clock.nowMs() + roundedUpMs(delayMs);
      if (untilMs - receipt.message.receivedAtMs > VISIBILITY_TIMEOUT_MAX_MS) return "too-long";
      kept.hideUntil(receipt.message, untilMs);
      settle();
      return "changed";
    },
  };
}

const REMOVAL = { lapsed: "expired", superseded: "expired", gone: "gone", unknown: "unknown" } as const;

/** A handle that a later receive has replaced can change as little as one of a deleted message. */
const CHANGE = { lapsed: "visible", superseded: "gone", gone: "gone", unknown: "unknown" } as const;

/** SQS counts visibility in whole seconds. */
function roundedUpMs(delayMs: number): number {
  return 1_000 * Math.ceil(Math.max(0, delayMs) / 1_000);
}
