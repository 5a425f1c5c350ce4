import { WAKER_SILENT_MS } from "../../operator/provider-status.ts";
import type { Check } from "../check.ts";
import { spanText } from "../span-text.ts";

/** The waker has made a round of late. */
export const wakerCheck: Check = {
  name: "waker",
  reads: "the last minute that the waker kept in the table",
  why: "a silent waker probes nothing, puts no mapping right, and completes no run whose end was missed",
  async run({ history, clock }, { logsOf, deploy }) {
    const latest = await history.latest();
    if (latest === undefined)
      return { kind: "bad", found: "the waker has kept nothing in the last two days", mend: deploy };
    const ageMs = clock.nowMs() - latest.atMs;
    const found = `its last round was ${spanText(Math.max(0, ageMs))} ago`;
    return ageMs > WAKER_SILENT_MS ? { kind: "bad", found, mend: logsOf("waker") } : { kind: "good", found };
  },
};
