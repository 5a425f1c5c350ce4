import type { Decision } from "@sluice/core/law";

/** The form in which trouble showed, as decisions name it. */
export type Sign = "throttled" | "faults" | "slow" | "latency";

/** The news that a decision brings of the provider, at the end of an epoch. */
export type Reading =
  | {
      /** The limit was lowered: too much at this level, unless a later decision gives in. */
      readonly kind: "trouble";
      readonly sign: Sign;
      /** Calls in which the trouble showed, and the share, or the median latency, that it had in them. */
      readonly calls: number;
      readonly share?: number;
      readonly medianMs?: number;
      /** It undid a step up, so that the level had never been proven. */
      readonly isTrial: boolean;
    }
  /** Lowering the limit did not help: the trouble of the epochs before had nothing to do with load. */
  | { readonly kind: "given-in"; readonly sign: Sign }
  | { readonly kind: "tripped"; readonly faults: number; readonly timeouts: number }
  /** The limit was raised: this level was well, and in use. */
  | { readonly kind: "raised" }
  /** Sluice's own side was to blame. */
  | { readonly kind: "environment" }
  | { readonly kind: "probing" }
  | { readonly kind: "probe-failed" }
  | { readonly kind: "closed" }
  | { readonly kind: "other" };

/** Reads a decision: by the phases and limits around it and, for trouble, by its rule. */
export function readDecision({ rule, inputs, before, after, seen }: Decision): Reading {
  if (after.phase === "half-open") return { kind: "probing" };
  if (before.phase !== "closed") return { kind: after.phase === "closed" ? "closed" : "probe-failed" };
  if (after.phase === "open") {
    if (after.reason === "environment") return { kind: "environment" };
    const faults = numberIn(inputs.faults) ?? seen?.faults ?? 0;
    return { kind: "tripped", faults, timeouts: numberIn(inputs.timeouts) ?? seen?.timeouts ?? 0 };
  }
  const sign = signIn(rule);
  if (rule.startsWith("given in")) return { kind: "given-in", sign };
  if (after.limit > before.limit) return { kind: "raised" };
  if (after.limit === before.limit) return { kind: "other" };
  const share = numberIn(inputs.share);
  const medianMs = numberIn(inputs.medianMs);
  return {
    kind: "trouble",
    sign,
    isTrial: rule.startsWith("step up undone"),
    calls: numberIn(inputs.calls) ?? numberIn(inputs.refused) ?? 0,
    ...(share !== undefined && { share }),
    ...(medianMs !== undefined && { medianMs }),
  };
}

function signIn(rule: string): Sign {
  if (/throttled|refused/.test(rule)) return "throttled";
  if (/faults/.test(rule)) return "faults";
  return /slow/.test(rule) ? "slow" : "latency";
}

function numberIn(input: number | string | undefined): number | undefined {
  return typeof input === "number" ? input : undefined;
}
