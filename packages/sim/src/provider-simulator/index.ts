export { type Audit, createAudit, type Visit } from "./audit.ts";
export { calmScenario } from "./calm-scenario.ts";
export { parseScenario } from "./parse-scenario.ts";
export { type Answer, createProviderModel, type ProviderModel } from "./provider-model.ts";
export { readScenario } from "./read-scenario.ts";
export { fateOf, lotOf } from "./record-fate.ts";
export type { Scenario, SimulatedProvider } from "./scenario.ts";
export { DEFAULT_SCENARIO } from "./scenario-defaults.ts";
export { lastRiseFromZeroMinute, valueAt } from "./time-line.ts";
