import type { MeasuredMapping } from "@sluice/sim/event-source-mapping";
import type { Finding } from "../measure/measurement.ts";
import type { Leftover } from "../removal/remove-all.ts";

/** All that a run has found, as it is written to a file. */
export interface VerifyReport {
  /** Of the file's form. */
  readonly version: 1;
  readonly environment: string;
  readonly accountId: string;
  readonly region: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly findings: readonly Finding[];
  /** The resources that the run has made and could not remove. */
  readonly leftovers: readonly Leftover[];
  /** For the lab: `npm run lab -- --mapping`. */
  readonly mapping: MeasuredMapping;
}
