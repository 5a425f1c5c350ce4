/** The calls of a time: a value that they had, its variance in one call, and their number. */
export interface Sample {
  readonly fromMs: number;
  readonly value: number;
  readonly variance: number;
  readonly count: number;
}

/** Standard errors by which a value differs from the one before. */
const CLEAR_Z = 4;

/**
 * As few values as explain samples in order: one joins those before it unless it differs clearly, and by more than
 * `tolerance`. Samples of fewer calls than `countMin` are taken together until they are as many.
 */
export function segmentsOf(
  samples: readonly Sample[],
  tolerance: number,
  countMin: number,
): readonly Sample[] {
  const segments: Sample[] = [];
  for (const sample of gathered(samples, countMin)) {
    const open = segments.at(-1);
    if (open === undefined || isOther(open, sample, tolerance)) segments.push(sample);
    else segments[segments.length - 1] = pooled(open, sample);
  }
  return segments;
}

function gathered(samples: readonly Sample[], countMin: number): readonly Sample[] {
  const groups: Sample[] = [];
  let few: Sample | undefined;
  for (const sample of samples) {
    if (sample.count >= countMin) {
      groups.push(...(few === undefined ? [sample] : [few, sample]));
      few = undefined;
      continue;
    }
    few = few === undefined ? sample : pooled(few, sample);
    if (few.count < countMin) continue;
    groups.push(few);
    few = undefined;
  }
  return few === undefined ? groups : [...groups, few];
}

function isOther(one: Sample, other: Sample, tolerance: number): boolean {
  const distance = Math.abs(one.value - other.value);
  const error = Math.sqrt(one.variance / Math.max(1, one.count) + other.variance / Math.max(1, other.count));
  return distance > tolerance && distance > CLEAR_Z * error;
}

function pooled(one: Sample, other: Sample): Sample {
  const count = one.count + other.count;
  if (count === 0) return one;
  const mix = (a: number, b: number) => (a * one.count + b * other.count) / count;
  return {
    fromMs: one.fromMs,
    value: mix(one.value, other.value),
    variance: mix(one.variance, other.variance),
    count,
  };
}
