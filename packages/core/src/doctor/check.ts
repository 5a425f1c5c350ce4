import type { DoctorDeps } from "./doctor-deps.ts";
import type { CheckName, Result } from "./finding.ts";
import type { Mends } from "./mends.ts";

/** A check: what it reads, the harm that it looks for, and the look itself. */
export interface Check {
  readonly name: CheckName;
  readonly reads: string;
  readonly why: string;
  /** @throws whatever its stores throw: the check is one that could not be made then */
  run(deps: DoctorDeps, mends: Mends): Promise<Result>;
}
