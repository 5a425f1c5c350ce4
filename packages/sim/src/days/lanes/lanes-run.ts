import type { Mutant } from "../mutants/mutant.ts";
import type { LanesCase } from "./lanes-story.ts";

/** A case to run, by the code as it is, or with one line of it changed. */
export interface LanesRun {
  readonly lanes: LanesCase;
  readonly seed: number;
  readonly mutant?: Mutant;
}

/** The code as if no batch ever left a wish: free permits are whoever's who comes first. */
export const WITHOUT_WISHES: Mutant = {
  name: "no batch leaves a wish",
  file: "packages/core/src/permits/precedence.ts",
  from: '  if (lane === "express") return true;\n',
  to: "  if (share > 0) return false;\n",
};

/** The code as if there were no lanes: a free permit is kept for nobody. */
export const WITHOUT_PRECEDENCE: Mutant = {
  name: "no permit is kept for a lane",
  file: "packages/core/src/permits/precedence.ts",
  from: "  return Math.min(Math.max(0, leftCount), wishesAt(shard.wishes[lane], nowMs).live.length);\n",
  to: "  return 0 * leftCount;\n",
};
