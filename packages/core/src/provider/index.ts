export { baseUrlSchema, isReadableOnTheWay } from "./base-url.ts";
export { providerDay } from "./day.ts";
export { type ByLane, byLane, byLaneAsync, LANES, type Lane, otherLane } from "./lane.ts";
export {
  checkEnvironment,
  FLEET,
  fleetNamesOf,
  namesOf,
  type ProviderNames,
} from "./names.ts";
export { ProviderInvalid, parseDeployedProvider, parseProvider } from "./parse-provider.ts";
export type { AnswerOptions, Latency, Provider, ProviderInput, WorkerOptions } from "./provider.ts";
export { type Quota, type QuotaInput, SLIDING_PERIOD_MS } from "./quota.ts";
export { providerInputSchema } from "./schema.ts";
export type { AccessWindow, AccessWindows } from "./windows/access-windows.ts";
