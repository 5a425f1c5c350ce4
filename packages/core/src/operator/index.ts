export type { TimedOrders } from "../orders/orders-in-force.ts";
export { FOR_EVER_MS } from "../orders/orders-in-force.ts";
export type { OrderAnswer, Refused } from "./answer.ts";
export { cancelRun } from "./cancel-run.ts";
export { force } from "./force.ts";
export { hold } from "./hold.ts";
export { pin } from "./pin.ts";
export { probeNow } from "./probe-now.ts";
export { type Progress, readProgress } from "./progress.ts";
export {
  type ProviderStatus,
  readProviderStatus,
  URGENCIES,
  type Urgency,
  urgencyOf,
} from "./provider-status.ts";
export { type ReasonToStayShut, readSteering } from "./reasons.ts";
export { resume } from "./resume.ts";
export type { SteeringDeps } from "./steering-deps.ts";
