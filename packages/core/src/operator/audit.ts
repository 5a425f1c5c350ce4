import { messageOf } from "../errors.ts";
import { persist } from "../timing/persist.ts";
import type { Author } from "./author.ts";
import type { SteeringDeps } from "./steering-deps.ts";

/** Time for which an unreachable table is tried again. */
const TRY_FOR_MS = 10_000;

/**
 * Keeps in the trail of events that an operator has done something besides giving orders. It is kept before the deed where
 * that can't be undone, so that none is without its author.
 * @param details further facts, as a JSON value
 * @throws Unreachable
 */
export async function audit(
  summary: string,
  { by, reason }: Author,
  details: Readonly<Record<string, unknown>>,
  { events, clock, ids, log }: Pick<SteeringDeps, "events" | "clock" | "ids" | "log">,
): Promise<void> {
  const event = {
    id: ids.next(),
    atMs: clock.nowMs(),
    kind: "order" as const,
    summary: `${summary} by ${by}: ${reason}`,
    // It ends no order: whoever reads orders finds that here, too.
    details: { by, reason, ended: {}, ...details },
  };
  try {
    await persist(clock, clock.nowMs() + TRY_FOR_MS, () => events.append(event));
  } catch (thrown) {
    log.error("what an operator does could not be kept as an event", { ...event, cause: messageOf(thrown) });
    throw thrown;
  }
}
