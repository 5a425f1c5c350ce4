import { messageOf } from "../errors.ts";
import { type ControlState, type EnvironmentHold, environmentHoldOf } from "../law/control.ts";
import type { Decision } from "../law/law.ts";
import type { BreakerDeps } from "./breaker-deps.ts";

/** The sentence of the hold that begins when Sluice's own side is broken. */
const SUMMARIES: Readonly<Record<EnvironmentHold, string>> = {
  "cant-begin": "hold (environment): workers can't begin, nothing is started until one can",
  "all-rejected":
    "hold (environment): everything is rejected and nothing fetched, nothing is started until a probe is not rejected",
};

/**
 * Says loudly that Sluice's own side is broken: with each decision that leaves the breaker open for that, an error in
 * the log, and an event where the hold begins. Never throws: nothing depends on it.
 */
export async function announceHold(
  { clock, ids, log, events }: Pick<BreakerDeps, "clock" | "ids" | "log" | "events">,
  { rule, inputs, before }: Decision,
  control: ControlState,
): Promise<void> {
  const hold = environmentHoldOf(control);
  if (control.phase !== "open" || hold === undefined) return;
  const summary = SUMMARIES[hold];
  const details = { kind: "environment", rule, inputs, probeAtMs: control.probeAtMs };
  log.error(summary, details);
  if (before.phase !== "closed") return;
  try {
    await events.append({ id: ids.next(), atMs: clock.nowMs(), kind: "hold", summary, details });
  } catch (thrown) {
    log.warn("a hold could not be stored", { cause: messageOf(thrown) });
  }
}
