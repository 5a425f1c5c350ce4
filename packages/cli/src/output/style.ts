import { type Painter, painterFor, terminalStyleOf } from "@sluice/sim/report";
import type { Output, Surroundings } from "../surroundings.ts";

/** The form in which an answer is written. */
export interface Style {
  /** A person reads it on a terminal; else a program does, from a pipe. */
  readonly isTerminal: boolean;
  readonly paint: Painter;
  readonly columns: number;
  readonly nowMs: number;
  /** IANA name of the operator's time zone. */
  readonly timeZone: string;
}

/** The style for one of the outputs. */
export function styleFor(
  { isTerminal, columns }: Output,
  { variables, clock, timeZone }: Pick<Surroundings, "variables" | "clock" | "timeZone">,
): Style {
  const { color } = terminalStyleOf(variables, isTerminal);
  return { isTerminal, paint: painterFor(color), columns, nowMs: clock.nowMs(), timeZone };
}
