import { systemRandom } from "@sluice/aws/system-random";
import {
  type CauseGroup,
  type DeadLetter,
  type DeadLettersDeps,
  drop,
  groupByCause,
  readDeadLetters,
  redrive,
} from "@sluice/core/dead-letters";
import * as z from "zod";
import type { Desk } from "./desk.ts";

/** Dead letters of one cause, the first of them one by one. */
export interface DeadGroup extends CauseGroup {
  readonly letters: readonly DeadLetter[];
}

/** The dead letters of a provider, by cause. */
export interface DeadLettersView {
  readonly groups: readonly DeadGroup[];
  readonly count: number;
  /** False if there may be more. */
  readonly isComplete: boolean;
  /** Letters that somebody else looks at now. */
  readonly elsewhereCount: number;
}

/** News of a change of dead letters; the last one is its end. */
export type DeadLettersNews =
  /** It is under way; by its id it can be stopped. */
  | { readonly kind: "begun"; readonly changeId: string }
  | { readonly kind: "progress"; readonly doneCount: number }
  | { readonly kind: "done"; readonly summary: string }
  | { readonly kind: "refused"; readonly problem: string }
  /** IAM does not let these credentials do it. */
  | { readonly kind: "denied"; readonly problem: string };

/** Letters of a cause that are shown one by one. */
const LETTERS_MAX = 50;

const filterSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("all") }),
  z.strictObject({ kind: z.literal("ids"), ids: z.array(z.string()).min(1) }),
  z.strictObject({ kind: z.literal("cause"), text: z.string().min(1) }),
]);
const wishSchema = z.strictObject({
  verb: z.enum(["redrive", "drop"]),
  filter: filterSchema,
  expectedCount: z.int().min(0),
  reason: z.string(),
});

/**
 * Reads the dead letters that are to be seen now. Others don't see them while that lasts, so that it is done when it is asked
 * for only; the page asks again for those that others look at.
 */
export async function readDead(desk: Desk, signal: AbortSignal): Promise<DeadLettersView> {
  const { letters, isComplete, elsewhereCount } = await readDeadLetters(
    { signal, waitForOthersMs: 0 },
    await depsOf(desk),
  );
  const groups = groupByCause(letters).map((group) => {
    const alike = letters.filter(({ causeKind }) => causeKind === group.causeKind);
    return { ...group, letters: alike.slice(0, LETTERS_MAX) };
  });
  return { groups, count: letters.length, isComplete, elsewhereCount };
}

/** Puts letters back, or drops them, and tells how far it is. It ends with the signal, and loses nothing. */
export async function changeDead(
  body: unknown,
  desk: Desk,
  signal: AbortSignal,
  tell: (news: DeadLettersNews) => void,
): Promise<DeadLettersNews> {
  const parsed = wishSchema.safeParse(body);
  if (!parsed.success) return { kind: "refused", problem: z.prettifyError(parsed.error) };
  const { verb, ...wish } = parsed.data;
  const request = { ...wish, by: await desk.nameOperator(), signal };
  const deps = await depsOf(desk);
  const progress = (doneCount: number) => tell({ kind: "progress", doneCount });
  if (verb === "drop") {
    const answer = await drop({ ...request, onProgress: progress }, deps);
    if (answer.kind === "refused") return { kind: "refused", problem: answer.hint };
    return {
      kind: "done",
      summary: `${answer.droppedCount} dropped${elsewhereText(answer)}${stoppedText(signal)}`,
    };
  }
  const answer = await redrive(
    { ...request, onProgress: ({ redrivenCount }) => progress(redrivenCount) },
    deps,
  );
  if (answer.kind === "refused") return { kind: "refused", problem: answer.hint };
  const { redrivenCount, malformedCount, refusedCount } = answer;
  const stay = malformedCount + refusedCount;
  const rest = stay === 0 ? "" : `, ${stay} stay: they are no records' messages, or their lane refused them`;
  const summary = `${redrivenCount} put back${rest}${elsewhereText(answer)}${stoppedText(signal)}`;
  return { kind: "done", summary };
}

function elsewhereText({ elsewhereCount }: { readonly elsewhereCount: number }): string {
  return elsewhereCount === 0 ? "" : `, and about ${elsewhereCount} in other hands are left`;
}

function stoppedText({ aborted }: AbortSignal): string {
  return aborted ? ", and stopped there: the others are dead letters as before" : "";
}

async function depsOf({ access }: Desk): Promise<DeadLettersDeps> {
  const { lanes, deadLetters } = await access.queues();
  return { ...access.steering, runs: access.runs, lanes, deadLetters, random: systemRandom };
}
