import type { Lane } from "@sluice/core/provider";
import { quantileOf } from "../../lab/quantile.ts";
import { createDay } from "../create-day.ts";
import { type LanesCase, lanesStoryOf, measuredMinutes, WARM_UP_MINUTES } from "./lanes-story.ts";

/** The figures of a case, of the time after the warm-up. */
export interface LanesFigures {
  /** Time from a record's being accepted to its first call, for the express lane; undefined if it had none. */
  readonly waitP50Ms: number | undefined;
  readonly waitP95Ms: number | undefined;
  readonly waitMaxMs: number | undefined;
  /** Calls of each lane per minute. */
  readonly bulkPerMinute: number;
  readonly expressPerMinute: number;
  /** Breaches of the rules of fault days. */
  readonly violationCount: number;
  /** Most calls that were in flight at once. */
  readonly inFlightMax: number;
}

/** Runs a case on virtual time, with the production use-cases on the simulated cloud. */
export async function runLanes(lanes: LanesCase, seed: number): Promise<LanesFigures> {
  const fromMs = WARM_UP_MINUTES * 60_000;
  const measuredMs = measuredMinutes(lanes) * 60_000;
  const acceptedAtMs = new Map<string, number>();
  const waitsMs: number[] = [];
  const laneOf = new Map<string, Lane>();
  const counts = { records: 0, express: 0 };
  let inFlightMax = 0;

  const day = createDay(lanesStoryOf(lanes, seed), {
    ...(lanes.express === "absent" && { lanes: ["records"] }),
    onEvent(event) {
      if (event.kind === "accepted") {
        for (const id of event.recordIds) {
          acceptedAtMs.set(id, event.atMs);
          laneOf.set(id, event.lane);
        }
      }
      if (event.kind !== "started") return;
      inFlightMax = Math.max(inFlightMax, event.inFlightCount);
      const sinceMs = acceptedAtMs.get(event.recordId);
      const lane = laneOf.get(event.recordId);
      if (lane === undefined || event.atMs < startMs + fromMs) return;
      counts[lane] += 1;
      if (lane === "express" && sinceMs !== undefined) waitsMs.push(event.atMs - sinceMs);
      acceptedAtMs.delete(event.recordId);
    },
  });
  const { clock, startMs } = day.parts;
  await clock.run(startMs + fromMs + measuredMs);
  return {
    waitP50Ms: quantileOf(waitsMs, 0.5),
    waitP95Ms: quantileOf(waitsMs, 0.95),
    waitMaxMs: quantileOf(waitsMs, 1),
    bulkPerMinute: (60_000 * counts.records) / measuredMs,
    expressPerMinute: (60_000 * counts.express) / measuredMs,
    violationCount: day.judge.violations.length,
    inFlightMax,
  };
}
