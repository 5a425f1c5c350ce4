import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { ClockReading } from "../../ports/deployment-reader.ts";
import type { Check } from "../check.ts";
import { resultOf } from "../finding.ts";
import { unread } from "../unread.ts";

const SECOND_MS = 1_000;

/** This machine's clock shows the cloud's time. */
export const clockCheck: Check = {
  name: "clock",
  reads: "the date of an answer of SQS beside this machine's clock",
  why: "holds and their ends are written by this machine's clock, and AWS refuses what is signed by one that is minutes off",
  async run({ deployed }) {
    const reading = await deployed.clock();
    if (reading.kind !== "read") return unread(reading);
    const skewMs = skewOf(reading.value);
    const side = skewMs > 0 ? "ahead of" : "behind";
    const off = `this clock is ${Math.abs(Math.round(skewMs / SECOND_MS))} s ${side} the cloud's`;
    const problems = Math.abs(skewMs) > CLOCK_SKEW_MS ? [off] : [];
    return resultOf(problems, "within two seconds of the cloud's", "sudo timedatectl set-ntp true");
  },
};

/** By how much the own clock is ahead, at the least: the other one shows whole seconds, and the answer has travelled. */
function skewOf({ secondMs, askedAtMs, answeredAtMs }: ClockReading): number {
  if (askedAtMs > secondMs + SECOND_MS) return askedAtMs - (secondMs + SECOND_MS);
  return Math.min(0, answeredAtMs - secondMs);
}
