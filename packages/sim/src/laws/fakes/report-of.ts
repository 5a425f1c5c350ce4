import { type Evidence, NO_EVIDENCE, type Observation } from "@sluice/core/law";

/** A report of the epoch 0 with this evidence, at full use unless `inFlightCount` says otherwise. */
export function reportOf(evidence: Partial<Evidence>, inFlightCount = 1_000): Observation {
  return { kind: "report", epoch: 0, evidence: { ...NO_EVIDENCE, ...evidence }, inFlightCount };
}

/** One call that was answered after `latencyMs`. */
export function okAfter(latencyMs: number, inFlightCount?: number): Observation {
  return reportOf({ okCount: 1, latencySumMs: latencyMs }, inFlightCount);
}

/** One call that failed. */
export const FAULT: Observation = reportOf({ faultCount: 1 });

/** A probe is due, and there is a record to make it with. */
export const WAKE: Observation = { kind: "probe-due", hasRecord: true };
