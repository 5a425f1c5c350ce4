import { drop, groupByCause, type LetterFilter, redrive } from "@sluice/core/dead-letters";
import { SluiceError } from "@sluice/core/errors";
import { confirm, reasonFor } from "../confirm.ts";
import { createProgress } from "../output/progress.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { printable } from "../text/printable.ts";
import type { ChangeOptions } from "./change-options.ts";
import { deadLettersDepsOf, filterOf, hintOf, type LetterOptions, readChosen } from "./dead-options.ts";
import { countText } from "./run-text.ts";
import { EXIT } from "./verb.ts";

/** Options of `dead redrive`. */
export type RedriveOptions = ChangeOptions & LetterOptions & { readonly rate?: number };
/** Options of `dead drop`. */
export type DropOptions = ChangeOptions & LetterOptions;

/** A change of dead letters that is wanted: shown, and confirmed. */
interface Wanted {
  readonly deps: Awaited<ReturnType<typeof deadLettersDepsOf>>;
  readonly request: {
    readonly by: string;
    readonly reason: string;
    readonly filter: LetterFilter;
    readonly expectedCount: number;
    readonly signal: AbortSignal;
  };
}

/** Causes that a change is shown with before it is confirmed. */
const CAUSES_MAX = 8;

/** Puts dead letters back into their lanes. */
export async function redriveDead(
  around: Surroundings,
  ids: readonly string[],
  options: RedriveOptions,
): Promise<number> {
  const { rate } = options;
  const wanted = await want("put back", ids, options, around);
  if (typeof wanted === "number") return wanted;
  const { deps, request } = wanted;
  const progress = createProgress(around);
  const total = countText(request.expectedCount);
  const answer = await redrive(
    {
      ...request,
      ...(rate !== undefined && { ratePerSecond: rate }),
      onProgress: ({ redrivenCount }) =>
        progress.show(
          `${countText(redrivenCount)} of ${total} are back in their lanes · Ctrl-C stops after these`,
        ),
    },
    deps,
  ).finally(progress.end);
  if (answer.kind === "refused") throw new SluiceError("order-refused", answer.hint);
  const { redrivenCount, undeletedCount, malformedCount, refusedCount } = answer;
  const notes = [
    ...(undeletedCount > 0
      ? [
          `${countText(undeletedCount)} of them could not be deleted: redrive again within five minutes, which sends none twice`,
        ]
      : []),
    ...(malformedCount > 0
      ? [`${countText(malformedCount)} are no records and stay: dead drop deletes them`]
      : []),
    ...(refusedCount > 0 ? [`${countText(refusedCount)} were not taken and stay`] : []),
  ];
  const done =
    redrivenCount === 1 ? "1 is back in its lane" : `${countText(redrivenCount)} are back in their lanes`;
  const lines = [done, ...notes].map((line) => `${line}\n`);
  tell({ json: answer, text: () => lines.join("") + hintOf(answer) }, options, around);
  if (around.interrupt.aborted) return EXIT.interrupted;
  return undeletedCount + refusedCount > 0 || !answer.isComplete ? EXIT.badNews : EXIT.fine;
}

/** Deletes dead letters. */
export async function dropDead(
  around: Surroundings,
  ids: readonly string[],
  options: DropOptions,
): Promise<number> {
  const wanted = await want("delete for good", ids, options, around);
  if (typeof wanted === "number") return wanted;
  const progress = createProgress(around);
  const onProgress = (count: number) => progress.show(`${countText(count)} are deleted`);
  const answer = await drop({ ...wanted.request, onProgress }, wanted.deps).finally(progress.end);
  if (answer.kind === "refused") throw new SluiceError("order-refused", answer.hint);
  const text = `${countText(answer.droppedCount)} ${answer.droppedCount === 1 ? "is" : "are"} deleted\n${hintOf(answer)}`;
  tell({ json: answer, text: () => text }, options, around);
  return around.interrupt.aborted ? EXIT.interrupted : EXIT.fine;
}

/** Counts what a change would touch, shows it and asks; answers with the exit code if the change is not to be made. */
async function want(
  verb: string,
  ids: readonly string[],
  options: RedriveOptions,
  around: Surroundings,
): Promise<Wanted | number> {
  const filter = filterOf(ids, options);
  const connection = await around.connect(options);
  const deps = await deadLettersDepsOf(connection);
  const read = await readChosen(filter, deps, around);
  if (around.interrupt.aborted) return EXIT.interrupted;
  const { isComplete, elsewhereCount } = read;
  const groups = groupByCause(read.letters).map(({ causeKind, count }) => ({ causeKind, count }));
  const what = `${verb} ${countText(read.letters.length)} dead letter${read.letters.length === 1 ? "" : "s"}`;
  const shown = groups
    .slice(0, CAUSES_MAX)
    .map(({ causeKind, count }) => `  ${countText(count)} × ${printable(causeKind)}\n`);
  const more = groups.length > CAUSES_MAX ? [`  and ${groups.length - CAUSES_MAX} other causes\n`] : [];
  const causes = [...shown, ...more].join("") + hintOf(read);
  if (read.letters.length === 0) {
    const json = { letters: 0, groups, isComplete, elsewhereCount };
    tell({ json, text: () => `No dead letter is chosen: nothing to do.\n${hintOf(read)}` }, options, around);
    return isComplete ? EXIT.fine : EXIT.badNews;
  }
  if (options.dryRun) {
    const json = { isDryRun: true, letters: read.letters.length, groups, isComplete, elsewhereCount };
    tell({ json, text: () => `would ${what}\n${causes}` }, options, around);
    return EXIT.fine;
  }
  const by = await connection.nameOperator();
  const reason = await reasonFor(options, around);
  if (reason === undefined) return EXIT.interrupted;
  if (!(await confirm(`${what}\n${causes.trimEnd()}`, options, connection, around))) return EXIT.interrupted;
  const author = { by, reason: reason.trim() === "" ? NO_REASON : reason };
  const request = { ...author, filter, expectedCount: read.letters.length, signal: around.interrupt };
  return { deps, request };
}

const NO_REASON = "no reason given";
