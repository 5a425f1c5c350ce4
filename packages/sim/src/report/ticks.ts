const ROUND_FACTORS = [1, 2, 5, 10];
/** The steps of a clock; beyond the last one, multiples of a day. */
const STEPS_MINUTES = [0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1_440];

/** Whole round numbers from 0 to `max`, about `count` of them. */
export function countTicks(max: number, count: number): readonly number[] {
  const rough = max / Math.max(1, count);
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const factor = ROUND_FACTORS.find((candidate) => candidate * magnitude >= rough) ?? 10;
  return upTo(max, factor * magnitude);
}

/** Minutes from 0 to `maxMinutes` in steps of a clock, `count` of them at most besides 0. */
export function minuteTicks(maxMinutes: number, count: number): readonly number[] {
  const rough = maxMinutes / Math.max(1, count);
  const step = STEPS_MINUTES.find((candidate) => candidate >= rough) ?? Math.ceil(rough / 1_440) * 1_440;
  return upTo(maxMinutes, step);
}

function upTo(max: number, step: number): readonly number[] {
  const stepCount = Math.floor(max / step + 1e-9);
  return Array.from({ length: stepCount + 1 }, (_, index) => Number((index * step).toFixed(2)));
}
