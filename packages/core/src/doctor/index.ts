export { type Diagnosis, examine } from "./examine.ts";
export type { Finding } from "./finding.ts";
