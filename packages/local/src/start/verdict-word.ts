import type { Verdict } from "./verdict.ts";

/** A verdict in a word: the worst that there is to say. A run without a single record shows nothing. */
export type VerdictWord = "broken" | "interrupted" | "nothing-accepted" | "ok";

/** The parts of a run's result that a verdict in a word rests on. */
export interface JudgedRun {
  readonly verdict: Pick<Verdict, "broken">;
  readonly isInterrupted: boolean;
  readonly enqueued: { readonly accepted: number };
}

/** The verdict of a run in a word. */
export function verdictWordOf({ verdict, isInterrupted, enqueued }: JudgedRun): VerdictWord {
  if (verdict.broken.length > 0) return "broken";
  if (isInterrupted) return "interrupted";
  return enqueued.accepted === 0 ? "nothing-accepted" : "ok";
}

/** The exit codes of `npm start` by verdict; that of a wrong command is the same as that of an input without a record. */
export const EXIT_CODES: Readonly<Record<VerdictWord, number>> = {
  ok: 0,
  broken: 1,
  "nothing-accepted": 2,
  interrupted: 130,
};
