/** How an attempt ended, in the words of the whole system. */
export const OUTCOME_KINDS = ["ok", "slow", "fault", "throttled", "rejected", "unavailable"] as const;

/** The kind of an {@link Outcome}. */
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** What the ventilator makes of an invocation. Latencies are the provider's alone. */
export type Outcome =
  | { readonly kind: "ok" | "slow"; readonly latencyMs: number }
  | { readonly kind: "fault" | "rejected"; readonly latencyMs: number; readonly cause: string }
  | {
      readonly kind: "throttled";
      readonly latencyMs: number;
      readonly cause: string;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: "unavailable"; readonly fate: UnavailableFate; readonly cause: string };

/**
 * What our own side's failure left behind:
 * - `unstarted`: the provider was not called, as far as anyone can tell, so this was no attempt;
 * - `crashed`: the worker is certainly over, but may have called the provider;
 * - `lost`: the worker may be running still: its permit and its claim must be left to lapse.
 */
export type UnavailableFate = "unstarted" | "crashed" | "lost";
