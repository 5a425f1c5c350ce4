import { systemRandom } from "@sluice/aws/system-random";
import { type DeadLettersDeps, type LetterFilter, readDeadLetters } from "@sluice/core/dead-letters";
import { SluiceError } from "@sluice/core/errors";
import type { Connection } from "../connect/connection.ts";
import { createProgress } from "../output/progress.ts";
import type { Surroundings } from "../surroundings.ts";
import { countText } from "./run-text.ts";

/** The letters that a command line chooses. */
export interface LetterOptions {
  readonly all?: boolean;
  readonly cause?: string;
}

/**
 * The choice of a command line: ids, a cause, or all.
 * @throws SluiceError `input-invalid` unless it is just one of them
 */
export function filterOf(ids: readonly string[], { all = false, cause }: LetterOptions): LetterFilter {
  const filters: readonly LetterFilter[] = [
    ...(ids.length > 0 ? [{ kind: "ids", ids } as const] : []),
    ...(cause !== undefined ? [{ kind: "cause", text: cause } as const] : []),
    ...(all ? [{ kind: "all" } as const] : []),
  ];
  const [filter, ...others] = filters;
  if (filter !== undefined && others.length === 0) return filter;
  throw new SluiceError(
    "input-invalid",
    "Say which letters: ids of letters or records, or --cause <text>, or --all",
  );
}

/** The parts of a connection that use-cases of dead letters work with. @throws SluiceError */
export async function deadLettersDepsOf(connection: Connection): Promise<DeadLettersDeps> {
  const { steering, runs } = connection;
  const { lanes, deadLetters } = await connection.queues();
  return { ...steering, runs, lanes, deadLetters, random: systemRandom };
}

/** Reads the letters that are chosen, and says meanwhile that it does. */
export async function readChosen(
  filter: LetterFilter,
  deps: DeadLettersDeps,
  around: Surroundings,
): Promise<Awaited<ReturnType<typeof readDeadLetters>>> {
  const progress = createProgress(around);
  progress.show("reading dead letters…");
  try {
    return await readDeadLetters({ filter, signal: around.interrupt }, deps);
  } finally {
    progress.end();
  }
}

/** A hint below letters that may not be all; empty if they are. */
export function hintOf({
  isComplete,
  elsewhereCount,
}: {
  readonly isComplete: boolean;
  readonly elsewhereCount: number;
}): string {
  if (isComplete) return "";
  return elsewhereCount > 0
    ? `About ${countText(elsewhereCount)} more are in other hands: somebody looks at them or moves them. Try again in two minutes.\n`
    : "There may be more: it was cut short.\n";
}
