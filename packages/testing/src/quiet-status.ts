import type { BreakerStatus } from "@sluice/core/breaker";
import { NO_EVIDENCE } from "@sluice/core/law";

/** The status of a breaker that has heard of nothing, and holds nothing. */
export function quietStatus<Control extends BreakerStatus["control"]>(control: Control): BreakerStatus {
  return { control, inFlightCount: 0, heldUntilMs: 0, plannedUntilMs: 0, outcomes: NO_EVIDENCE };
}
