import type { Law } from "./law.ts";
import { sluiceLaw } from "./sluice/sluice-law.ts";
import type { SluiceState } from "./sluice/state.ts";

/** The law that deployed breakers run with. A stored state that another law has left is begun afresh. */
export const productionLaw: Law<SluiceState> = sluiceLaw;
