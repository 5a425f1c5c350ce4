import { messageOf } from "../errors.ts";
import { type ControlState, isEnvironmentHold } from "../law/control.ts";
import type { Decision } from "../law/law.ts";
import type { BreakerDeps } from "./breaker-deps.ts";

/** The sentence of the hold that begins when Sluice's own side is broken. */
const SUMMARY = "hold (environment): workers can't begin, nothing is started until one can";

/**
 * Says loudly that Sluice's own side is broken: with each decision that leaves the breaker open for that, an error in
 * the log, and an event where the hold begins. Never throws: nothing depends on it.
 */
export async function announceHold(
  { clock, ids, log, events }: Pick<BreakerDeps, "clock" | "ids" | "log" | "events">,
  { rule, inputs, before }: Decision,
  control: ControlState,
): Promise<void> {
  if (control.phase !== "open" || !isEnvironmentHold(control)) return;
  const details = { kind: "environment", rule, inputs, probeAtMs: control.probeAtMs };
  log.error(SUMMARY, details);
  if (before.phase !== "closed") return;
  try {
    await events.append({ id: ids.next(), atMs: clock.nowMs(), kind: "hold", summary: SUMMARY, details });
  } catch (thrown) {
    log.warn("a hold could not be stored", { cause: messageOf(thrown) });
  }
}
