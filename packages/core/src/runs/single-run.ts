import type { Run, RunPart } from "../ports/run-store.ts";
import { RECORD_ENDS, type RecordEnd } from "../records/record-end.ts";

/** True for a run that has one record only, and will not have more: its completion says what a part would. */
export function isSingle(run: Run): boolean {
  return run.isSealed && run.plannedCount === 1;
}

/** The parts of a run, with the end that the completion of a run of one record says. */
export function withCompletion(run: Run, parts: readonly RunPart[]): readonly RunPart[] {
  const { completion } = run;
  if (!isSingle(run) || completion === undefined) return parts;
  const { completedAtMs: atMs, counts } = completion;
  const [part = { level: 0, index: 0, firstAtMs: atMs, lastAtMs: atMs, marks: {} }] = parts;
  const marks: Partial<Record<RecordEnd, readonly number[]>> = { ...part.marks };
  for (const end of RECORD_ENDS) if (counts[end] > 0) marks[end] = [0];
  return [{ ...part, marks }];
}

/** The end of the record at a place of a part, the strongest of several; undefined while it has none. */
export function endOf(run: Run, part: RunPart | undefined, place: number): RecordEnd | undefined {
  const [whole] = withCompletion(run, part === undefined ? [] : [part]);
  return RECORD_ENDS.find((end) => whole?.marks[end]?.includes(place));
}
