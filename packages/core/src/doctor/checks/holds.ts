import { readSteering } from "../../operator/reasons.ts";
import { FOR_EVER_MS } from "../../orders/orders-in-force.ts";
import type { Check } from "../check.ts";
import { spanText } from "../span-text.ts";

/** A provider's day has passed; the alarm for it says the same. */
const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;

/** No operator has forgotten that he holds the provider. */
export const holdsCheck: Check = {
  name: "holds",
  reads: "the orders that operators have given",
  why: "a hold that nobody remembers keeps every record waiting, and no alarm of a waiting record is raised for it",
  async run(deps, { sluice }) {
    const { orders } = await readSteering(deps);
    const { hold } = orders;
    const nowMs = deps.clock.nowMs();
    if (hold === undefined || hold.fromMs > nowMs) return { kind: "good", found: "nobody holds it" };
    const { by, reason, fromMs, untilMs } = hold;
    const end = untilMs === FOR_EVER_MS ? "without an end" : `for another ${spanText(untilMs - nowMs)}`;
    const found = `held ${spanText(nowMs - fromMs)} ago by ${by}, ${end}: ${reason}`;
    return nowMs - fromMs > FORGOTTEN_AFTER_MS
      ? { kind: "bad", found, mend: sluice("resume") }
      : { kind: "good", found };
  },
};
