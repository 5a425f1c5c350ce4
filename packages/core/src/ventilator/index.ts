export type { VentilatorDeps } from "./deps.ts";
export { ventilate } from "./ventilate.ts";
