/** The ends that an attempt can have, in the words of the whole system. */
export const OUTCOME_KINDS = ["ok", "slow", "fault", "throttled", "rejected", "unavailable"] as const;

/** The kind of an {@link Outcome}. */
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** The outcome of an attempt, as the ventilator judges it. Latencies are the provider's alone. */
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
 * The state in which a failure that is not the provider's leaves the worker:
 * - `unstarted`: the provider was not called, as far as can be told, so this was no attempt;
 * - `crashed`: the worker is certainly over, but may have called the provider;
 * - `lost`: the worker may be running still: its permit and its claim must be left to lapse.
 */
export type UnavailableFate = "unstarted" | "crashed" | "lost";
