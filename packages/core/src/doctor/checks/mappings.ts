import { readSteering, type Steering } from "../../operator/reasons.ts";
import type { MappingReading } from "../../ports/deployment-reader.ts";
import { LANES, type Lane } from "../../provider/lane.ts";
import { driftOf } from "../../valve/drift.ts";
import { settingsText } from "../../valve/settled.ts";
import type { Check } from "../check.ts";
import type { DoctorDeps } from "../doctor-deps.ts";
import type { Result } from "../finding.ts";
import { spanText } from "../span-text.ts";
import { unread } from "../unread.ts";

/** Two rounds of the waker, and the minute that AWS takes for a change. */
const DRIFT_MAX_MS = 3 * 60_000;

/** The mappings are there, and as the breaker wants them. */
export const mappingsCheck: Check = {
  name: "mappings",
  reads: "the event source mappings of both lanes, and what breaker, holds and quotas want of them",
  why: "a mapping that is shut, or missing, leaves records lying; one that is open too wide makes them go round",
  async run(deps, { deploy, logsOf }) {
    const steering = await readSteering(deps);
    const good: string[] = [];
    const bad: string[] = [];
    let isMissing = false;
    for (const lane of LANES) {
      const reading = await deps.deployed.mapping(lane);
      if (reading.kind !== "read") return unread(reading);
      const found = await lookAt(lane, reading.value, steering, deps);
      (found.isBad ? bad : good).push(found.text);
      isMissing ||= reading.value === undefined;
    }
    const result: Result =
      bad.length === 0
        ? { kind: "good", found: good.join("; ") }
        : { kind: "bad", found: bad.join("; "), mend: isMissing ? deploy : logsOf("waker") };
    return result;
  },
};

interface Found {
  readonly isBad: boolean;
  readonly text: string;
}

async function lookAt(
  lane: Lane,
  mapping: MappingReading | undefined,
  { control, reasons }: Steering,
  { provider, store, history, clock }: DoctorDeps,
): Promise<Found> {
  if (mapping === undefined) return { isBad: true, text: `${lane} has no mapping` };
  if (mapping.to === "relay") return { isBad: false, text: `${lane} leads to a developer who is attached` };
  const endOf = (...kinds: readonly string[]) =>
    Math.max(0, ...reasons.filter(({ kind }) => kinds.includes(kind)).map(({ untilMs = 0 }) => untilMs));
  const [stored, latest] = await Promise.all([store.readValve(lane), history.latest()]);
  const nowMs = clock.nowMs();
  const holds = { heldUntilMs: endOf("retry-after"), plannedUntilMs: endOf("order", "window") };
  const drift = driftOf(lane, mapping, { provider, control, ...holds, stored }, nowMs);
  if (drift.kind === "changing") return { isBad: false, text: `${lane} is ${mapping.state}` };
  if (drift.kind === "none") return { isBad: false, text: `${lane}: ${settingsText(drift.inForce)}` };
  // A hand that has changed it leaves no note: then the waker has not come round since.
  const sinceMs = drift.sinceMs ?? latest?.atMs ?? 0;
  const text = `${lane} is ${settingsText(drift.inForce)} instead of ${settingsText(drift.wanted)}`;
  if (nowMs - sinceMs <= DRIFT_MAX_MS) return { isBad: false, text: `${text}: the waker is at it` };
  return { isBad: true, text: sinceMs === 0 ? text : `${text} for ${spanText(nowMs - sinceMs)}` };
}
