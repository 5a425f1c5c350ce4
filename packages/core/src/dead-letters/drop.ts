import type { Refused } from "../operator/answer.ts";
import { audit } from "../operator/audit.ts";
import { type Author, refusalOfAuthor } from "../operator/author.ts";
import { deadLetterOf } from "./dead-letter.ts";
import { type DeadLettersDeps, READ_HIDDEN_MS, WAIT_FOR_OTHERS_MS } from "./dead-letters-deps.ts";
import { filterText, isChosen, type LetterFilter } from "./letter-filter.ts";
import { removeLetters } from "./remove-letters.ts";
import { type Walked, walk } from "./walk.ts";

/** Dead letters that an operator wants gone for good. */
export interface DropRequest extends Author {
  readonly filter: LetterFilter;
  /** Letters that are expected, as a reading has counted them. */
  readonly expectedCount: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch, with the number of those that are gone. */
  onProgress?(droppedCount: number): void;
}

/** The answer to an operator who drops letters. */
export type DropAnswer = ({ readonly kind: "dropped"; readonly droppedCount: number } & Walked) | Refused;

/**
 * Deletes dead letters: their records stay dead in their runs' ledgers, and can be enqueued anew.
 * @throws Unreachable; what was deleted until then is gone
 */
export async function drop(request: DropRequest, deps: DeadLettersDeps): Promise<DropAnswer> {
  const refusal = refusalOfAuthor(request);
  if (refusal !== undefined) return refusal;
  const { filter, expectedCount, signal, onProgress } = request;
  const { deadLetters: queue, provider, clock, random, log } = deps;
  await audit(`drops ${filterText(filter)}`, request, { filter, expected: expectedCount }, deps);
  let droppedCount = 0;
  const walked = await walk({
    queue,
    hiddenForMs: READ_HIDDEN_MS,
    waitForOthersMs: WAIT_FOR_OTHERS_MS,
    signal,
    clock,
    random,
    log,
    async visit(messages) {
      const chosen = messages.filter((message) => isChosen(deadLetterOf(message, provider.id), filter));
      droppedCount += chosen.length - (await removeLetters(chosen, deps));
      onProgress?.(droppedCount);
      return { stay: messages.filter((message) => !chosen.includes(message)) };
    },
  });
  return { kind: "dropped", ...walked, droppedCount };
}
