export { DEAD_LETTER_ATTRIBUTE } from "./dead-letters.ts";
export type { VentilatorDeps } from "./deps.ts";
export { ventilate } from "./ventilate.ts";
