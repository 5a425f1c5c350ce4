export type { OrderAnswer } from "./answer.ts";
export { hold } from "./hold.ts";
export { type ReasonToStayShut, readSteering } from "./reasons.ts";
export { resume } from "./resume.ts";
export type { SteeringDeps } from "./steering-deps.ts";
