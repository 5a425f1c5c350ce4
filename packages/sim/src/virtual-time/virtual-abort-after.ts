import type { AbortAfter } from "@sluice/core/ports";
import type { VirtualClock } from "./virtual-clock.ts";

const TIMED_OUT = new DOMException("timed out", "TimeoutError");

/** Makes signals that abort on a virtual clock. */
export function virtualAbortAfter(clock: VirtualClock): AbortAfter {
  return (durationMs) => {
    const controller = new AbortController();
    clock.at(clock.nowMs() + durationMs, () => controller.abort(TIMED_OUT));
    return controller.signal;
  };
}
