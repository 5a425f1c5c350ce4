import type { DatedEvent } from "../day-event.ts";
import type { Story } from "../story.ts";

/** The names of the rules that days are judged by. */
export const RULE_NAMES = [
  "bound",
  "once-a-day",
  "nothing-lost",
  "attempts",
  "not-stuck",
  "late-news",
  "retry-after",
  "no-churn",
  "in-time",
  "rejections",
  "window",
  "quota",
  "operators",
  "ledger",
] as const;

/** One of {@link RULE_NAMES}. */
export type RuleName = (typeof RULE_NAMES)[number];

/** A breach of a rule. */
export interface Violation {
  readonly rule: RuleName;
  /** Since the epoch. */
  readonly atMs: number;
  /** The breach, in a sentence. */
  readonly what: string;
  /** The record that it is about, if it is about one. */
  readonly recordId?: string;
}

/** A rule that watches a day from outside. */
export interface Rule {
  readonly name: RuleName;
  /** Takes note of an event; answers with a breach in a sentence, or with undefined. */
  see(event: DatedEvent): Breach | undefined;
  /** The breaches that show when the day is over. */
  atEnd?(end: DayEnd): readonly Breach[];
}

/** A breach as a rule tells it. */
export interface Breach {
  readonly what: string;
  readonly recordId?: string;
}

/** The common ground of the rules of a day. */
export interface RuleContext {
  readonly story: Story;
  readonly startMs: number;
  /** True for a record that fails at every call, or that the provider does not know. */
  isBad(recordId: string): boolean;
  /** True for a record that the provider does not know. */
  isUnknown(recordId: string): boolean;
}

/** The end of a day. */
export interface DayEnd {
  readonly atMs: number;
  /** Records with a message in one of the lanes. */
  readonly queued: ReadonlySet<string>;
  /** Records with a dead letter. */
  readonly lettered: ReadonlySet<string>;
}
