/** The weights of a bad call and of a good one in a suspicion, as log-likelihood ratios. */
export interface Weights {
  readonly bad: number;
  readonly good: number;
}

/**
 * Log-likelihood ratio that a fault, and a success, adds for the hypothesis that the share of faults is
 * `trouble` against the hypothesis that it is `usual`. Wald, Sequential Tests of Statistical Hypotheses
 * (1945).
 */
export function waldWeights(usual: number, trouble: number): Weights {
  return { bad: Math.log(trouble / usual), good: Math.log((1 - trouble) / (1 - usual)) };
}

/**
 * Lower bound of a share that was seen as `count` of `total`, wrong one time in forty. Wilson, Probable
 * Inference, the Law of Succession, and Statistical Inference (1927).
 */
export function wilsonLowerBound(count: number, total: number): number {
  if (total === 0) return 0;
  const z = 1.96;
  const share = count / total;
  const centre = share + (z * z) / (2 * total);
  const spread = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  return Math.max(0, (centre - spread) / (1 + (z * z) / total));
}

/** Standard errors by which the first of two shares lies above the second (two-proportion z-test, pooled). */
export function shareDifferenceZ(
  one: { readonly share: number; readonly count: number },
  other: { readonly share: number; readonly count: number },
): number {
  if (one.count === 0 || other.count === 0) return 0;
  const pooled = (one.share * one.count + other.share * other.count) / (one.count + other.count);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / one.count + 1 / other.count));
  return error === 0 ? 0 : (one.share - other.share) / error;
}
