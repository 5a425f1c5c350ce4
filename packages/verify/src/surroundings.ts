import type { Clock, Ids } from "@sluice/core/ports";

/** The world around the command, so that a test can bring its own. */
export interface Surroundings {
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Aborts when the command is to end. */
  readonly interrupt: AbortSignal;
  /** Prints the report. */
  out(text: string): void;
  /** Tells the person at the terminal a line. */
  tell(line: string): void;
  /** Asks the person at the terminal; undefined if there is none, or he ends the input. */
  ask(question: string): Promise<string | undefined>;
  readonly isTerminal: boolean;
}
