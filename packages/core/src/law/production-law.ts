import type { ShadowTuning } from "../provider/shadow-tuning.ts";
import type { Law } from "./law.ts";
import { shadowed } from "./shadowed.ts";
import { createSluiceLaw, sluiceLaw } from "./sluice/sluice-law.ts";
import type { SluiceState } from "./sluice/state.ts";
import { SLUICE_TUNING } from "./sluice/tuning.ts";

/** The law that deployed breakers run with. A stored state that another law has left is begun afresh. */
export const productionLaw: Law<SluiceState> = sluiceLaw;

/** The same, beside which a law with other numbers says what it would do; without numbers there is none beside it. */
export function productionLawBeside(shadow: ShadowTuning | undefined): Law<SluiceState> {
  if (shadow === undefined) return productionLaw;
  return shadowed(sluiceLaw, createSluiceLaw({ ...SLUICE_TUNING, ...shadow }, "other numbers"));
}
