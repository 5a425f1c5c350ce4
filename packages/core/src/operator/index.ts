export type { SteeringDeps } from "./steering-deps.ts";
