/**
 * The quantile of values, at a share from 0 to 1, between two of them in proportion (type 7 of Hyndman and Fan, Sample
 * Quantiles in Statistical Packages, 1996). Undefined of none.
 */
export function quantileOf(values: readonly number[], share: number): number | undefined {
  const ascending = values.toSorted((one, other) => one - other);
  const at = share * (ascending.length - 1);
  const [below, above] = [ascending[Math.floor(at)], ascending[Math.ceil(at)]];
  if (below === undefined || above === undefined) return undefined;
  return below === above ? below : below + (at - Math.floor(at)) * (above - below);
}
