export {
  type ClosedControl,
  type Control,
  type ControlState,
  controlOf,
  type OpenControl,
  PHASES,
  type Phase,
} from "./control.ts";
export {
  bySum,
  type Evidence,
  evidenceSchema,
  NO_EVIDENCE,
  plus,
  successCount,
} from "./evidence.ts";
export type { Decision, Law, Observation, Seen, Step } from "./law.ts";
export { type LawConfig, lawConfigOf } from "./law-config.ts";
export { observeOnly } from "./observe-only.ts";
export { productionLaw, productionLawBeside } from "./production-law.ts";
export { createSluiceLaw, sluiceLaw } from "./sluice/sluice-law.ts";
export { SLUICE_TUNING, type SluiceTuning } from "./sluice/tuning.ts";
