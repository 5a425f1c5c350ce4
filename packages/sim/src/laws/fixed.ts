import type { ControlState, Law } from "@sluice/core/law";
import * as z from "zod";
import { governedShape, parseState } from "./stored-state.ts";

const stateSchema: z.ZodType<ControlState> = z.object(governedShape);

/** No control: always X, never a trip. What a queue and a fixed maximum concurrency give without a breaker. */
export const fixedLaw: Law = {
  name: "fixed",
  initial: ({ maxConcurrency }) => ({ phase: "closed", limit: maxConcurrency, epoch: 0 }),
  parse: (stored) => parseState(stateSchema, "fixed", stored),
  decide: (state) => ({ state }),
};
