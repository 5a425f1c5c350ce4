import type { LabResult } from "../run-case.ts";

/** Something that is wrong with a law in a scenario: it left records without a reason, or its goodput is low. */
export type Badness = "stuck" | "low";

type Judged = Pick<LabResult, "goodput" | "stuck" | "idealBusyMinutes" | "idealCount">;

/**
 * With less for the ideal to do than this, every start is late and every pause is long: scenarios would shrink to one
 * record that is served a second after its time.
 */
const BUSY_MIN_MINUTES = 10;
const IDEAL_COUNT_MIN = 20;

/** The badness of a result, the worse one of two; undefined if there is none. */
export function badnessOf({ stuck, goodput = 1 }: Judged, belowGoodput: number): Badness | undefined {
  if (stuck) return "stuck";
  return goodput < belowGoodput ? "low" : undefined;
}

/**
 * Makes a judge of scenarios that have become smaller than a drawn one: they must be bad in the same way, and that over
 * enough time and records, or over as much as the drawn one is.
 */
export function smallerJudge(drawn: Judged, belowGoodput: number): (result: Judged) => boolean {
  const badness = badnessOf(drawn, belowGoodput);
  const minMinutes = Math.min(BUSY_MIN_MINUTES, drawn.idealBusyMinutes);
  const minCount = Math.min(IDEAL_COUNT_MIN, drawn.idealCount);
  return (result) =>
    badness !== undefined &&
    result.idealBusyMinutes >= minMinutes &&
    result.idealCount >= minCount &&
    // One whose goodput was low may be stuck by now: that is no better.
    (badness === "stuck" ? result.stuck : (result.goodput ?? 1) < belowGoodput);
}
