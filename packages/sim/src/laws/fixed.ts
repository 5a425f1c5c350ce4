import type { Law } from "@sluice/core/law";
import { closedAt, controlSchema, parseState } from "./stored-state.ts";

/** No control: always X, never a trip. What a queue and a fixed maximum concurrency give without a breaker. */
export const fixedLaw: Law = {
  name: "fixed",
  initial: ({ maxConcurrency }) => closedAt(maxConcurrency),
  parse: (stored) => parseState(controlSchema, "fixed", stored),
  decide: (state) => ({ state }),
};
