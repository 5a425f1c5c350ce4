export type { DoctorDeps, ExaminedPlace } from "./doctor-deps.ts";
export { type Diagnosis, examine } from "./examine.ts";
export { CHECK_NAMES, type CheckName, type Finding } from "./finding.ts";
