import { type DeadLetter, deadLetterOf } from "./dead-letter.ts";
import { type DeadLettersDeps, READ_HIDDEN_MS, WAIT_FOR_OTHERS_MS } from "./dead-letters-deps.ts";
import { isChosen, type LetterFilter } from "./letter-filter.ts";
import { walk } from "./walk.ts";

/** The dead letters of a provider, as far as they could be seen. */
export interface DeadLetterList {
  /** The oldest first. */
  readonly letters: readonly DeadLetter[];
  /** False if there may be more: somebody else looks at them, there are more than were asked for, or it was called off. */
  readonly isComplete: boolean;
  /** Letters that somebody else looks at now; approximate on SQS. */
  readonly elsewhereCount: number;
}

/** Choices of a reading. */
export interface ReadOptions {
  /** Left out: all. */
  readonly filter?: LetterFilter;
  /** Letters to read at most; a hundred thousand if left out. */
  readonly maxCount?: number;
  /** Time in which letters that somebody else looks at are waited for; ten seconds if left out. */
  readonly waitForOthersMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Fewer than SQS lets be in flight of a FIFO queue (120,000), and what memory easily holds. */
const COUNT_MAX = 100_000;

/**
 * Reads dead letters, and leaves them where they are, in their order. While that lasts nobody else sees them.
 * @throws Unreachable
 */
export async function readDeadLetters(
  {
    filter = { kind: "all" },
    maxCount = COUNT_MAX,
    waitForOthersMs = WAIT_FOR_OTHERS_MS,
    signal,
  }: ReadOptions,
  deps: Pick<DeadLettersDeps, "deadLetters" | "provider" | "clock" | "random" | "log">,
): Promise<DeadLetterList> {
  const { deadLetters: queue, provider, clock, random, log } = deps;
  const seen: { readonly letter: DeadLetter; readonly sentAtMs: number }[] = [];
  const walked = await walk({
    queue,
    hiddenForMs: READ_HIDDEN_MS,
    waitForOthersMs,
    signal,
    clock,
    random,
    log,
    async visit(messages) {
      const chosen = messages
        .map((message) => ({ letter: deadLetterOf(message, provider.id), sentAtMs: message.sentAtMs }))
        .filter(({ letter }) => isChosen(letter, filter));
      seen.push(...chosen.slice(0, maxCount - seen.length));
      return seen.length >= maxCount ? { stay: messages, end: true } : { stay: messages };
    },
  });
  // Those that others have given back meanwhile come last.
  const inOrder = seen.toSorted((one, other) => one.sentAtMs - other.sentAtMs);
  return { letters: inOrder.map(({ letter }) => letter), ...walked };
}

/** Dead letters whose causes differ by an id or a number alone. */
export interface CauseGroup {
  readonly causeKind: string;
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** One of them, with its cause in full. */
  readonly example: DeadLetter;
  /** They are no records' messages: they can be dropped, and not put back. */
  readonly isMalformed: boolean;
}

/** The kinds of causes, the most frequent first. */
export function groupByCause(letters: readonly DeadLetter[]): readonly CauseGroup[] {
  const groups = Map.groupBy(letters, ({ causeKind }) => causeKind);
  return [...groups]
    .flatMap(([causeKind, alike]): CauseGroup[] => {
      const [example] = alike;
      if (example === undefined) return [];
      const times = alike.map(({ deadLetteredAtMs }) => deadLetteredAtMs);
      const isMalformed = alike.every(({ message }) => message === undefined);
      const firstAtMs = times.reduce((one, other) => Math.min(one, other));
      const lastAtMs = times.reduce((one, other) => Math.max(one, other));
      return [{ causeKind, count: alike.length, firstAtMs, lastAtMs, example, isMalformed }];
    })
    .toSorted((one, other) => other.count - one.count);
}
