export { EVIDENCE_KEYS, type Evidence, evidenceSchema, NO_EVIDENCE, plus, successCount } from "./evidence.ts";
export type { ControlState, Decision, Law, LawConfig, Observation, Phase, Step } from "./law.ts";
export { lawConfigOf } from "./law-config.ts";
export { observeOnly } from "./observe-only.ts";
export { createSluiceLaw, sluiceLaw } from "./sluice/sluice-law.ts";
export { SLUICE_TUNING, type SluiceTuning } from "./sluice/tuning.ts";
