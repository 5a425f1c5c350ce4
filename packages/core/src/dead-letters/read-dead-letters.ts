import { type DeadLetter, deadLetterOf } from "./dead-letter.ts";
import { type DeadLettersDeps, READ_HIDDEN_MS } from "./dead-letters-deps.ts";
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
  readonly signal?: AbortSignal | undefined;
}

/** Fewer than SQS lets be in flight of a FIFO queue (120,000), and what memory easily holds. */
const COUNT_MAX = 100_000;

/**
 * Reads dead letters, and leaves them where they are, in their order. While that lasts nobody else sees them.
 * @throws Unreachable
 */
export async function readDeadLetters(
  { filter = { kind: "all" }, maxCount = COUNT_MAX, signal }: ReadOptions,
  deps: Pick<DeadLettersDeps, "deadLetters" | "provider" | "clock" | "log">,
): Promise<DeadLetterList> {
  const { deadLetters: queue, provider, clock, log } = deps;
  const letters: DeadLetter[] = [];
  const walked = await walk({
    queue,
    hiddenForMs: READ_HIDDEN_MS,
    signal,
    clock,
    log,
    async visit(messages) {
      const chosen = messages
        .map((message) => deadLetterOf(message, provider.id))
        .filter((letter) => isChosen(letter, filter));
      letters.push(...chosen.slice(0, maxCount - letters.length));
      return letters.length >= maxCount ? { stay: messages, end: true } : { stay: messages };
    },
  });
  return { letters, ...walked };
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
