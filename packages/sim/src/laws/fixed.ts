import type { Law } from "@sluice/core/law";
import { closedControl, controlSchema, parseState } from "./stored-state.ts";

/** A law without control: always X, never a trip, as with a queue and a fixed maximum concurrency alone. */
export const fixedLaw: Law = {
  name: "fixed",
  initial: ({ maxConcurrency }) => closedControl(maxConcurrency),
  toStored: (state) => state,
  parse: (stored) => parseState(controlSchema, "fixed", stored),
  decide: (state) => ({ state }),
};
