/** The checks, in the order in which one's bad news may be the cause of the next one's. */
export const CHECK_NAMES = [
  "queues",
  "contract",
  "permissions",
  "concurrency",
  "waker",
  "mappings",
  "own-side",
  "holds",
  "messages",
  "dead-letters",
  "alarms",
  "clock",
] as const;

/** One of {@link CHECK_NAMES}. */
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * The result of a check. `not-checked`: what it reads can't be had, for lack of a permission or because a service does not
 * answer, which is no news about the provider; `not-here`: a cloud on this machine has nothing of the kind.
 */
export type Result =
  | { readonly kind: "good"; readonly found: string }
  | {
      readonly kind: "bad";
      readonly found: string;
      /** The command line that mends it, or tells what is in the way. */
      readonly mend: string;
    }
  | {
      readonly kind: "not-checked";
      readonly cause: string;
      /** The permission that the check needs, as IAM names it; absent if it is not a matter of one. */
      readonly permission?: string;
    }
  | { readonly kind: "not-here" };

/** A check with its result. */
export type Finding = Result & {
  readonly check: CheckName;
  /** The things that it reads. */
  readonly reads: string;
  /** The harm that is done where it is not as it should be. */
  readonly why: string;
};

/** The result of one who has found nothing, or these problems. */
export function resultOf(problems: readonly string[], good: string, mend: string): Result {
  return problems.length === 0
    ? { kind: "good", found: good }
    : { kind: "bad", found: problems.join("; "), mend };
}
