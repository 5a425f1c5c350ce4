import { readSteering } from "../../operator/reasons.ts";
import type { Check } from "../check.ts";

/** Nothing of our own keeps the breaker from closing. */
export const ownSideCheck: Check = {
  name: "own-side",
  reads: "the breaker's state in the table",
  why: "while workers can't begin, or everything is rejected, nothing is fetched, and the provider is not the cause",
  async run(deps, { logsOf, sluice }) {
    const { reasons, decided } = await readSteering(deps);
    const held = reasons.find(({ kind }) => kind === "environment");
    if (held?.kind !== "environment") {
      return { kind: "good", found: `no hold of our own side; the breaker is ${decided.phase}` };
    }
    return held.form === "cant-begin"
      ? { kind: "bad", found: "workers can't begin", mend: logsOf("ventilator") }
      : { kind: "bad", found: "everything is rejected", mend: sluice("dead list") };
  },
};
