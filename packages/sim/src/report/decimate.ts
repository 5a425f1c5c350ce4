/** A point of a line over time. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** Each bucket keeps its lowest, its highest and its last point. */
const KEPT_PER_BUCKET = 3;

/**
 * Thins a line out to `maxCount` points at most, so that no spike is lost: of each of the equal spans of time that
 * {@link bucketsOf} makes, the lowest, the highest and the last point stay. Points ascend in time; so does the result.
 */
export function decimate(points: readonly Point[], maxCount: number): readonly Point[] {
  if (points.length <= maxCount) return points;
  return bucketsOf(points, bucketCountFor(maxCount)).flatMap(keptOf);
}

/** The number of buckets that keeps a line within `maxCount` points. */
export function bucketCountFor(maxCount: number): number {
  return Math.max(1, Math.floor(maxCount / KEPT_PER_BUCKET));
}

/** Splits points into `count` equal spans of time; spans without points are left out. */
export function bucketsOf(points: readonly Point[], count: number): readonly (readonly Point[])[] {
  const startMs = points[0]?.atMs ?? 0;
  const spanMs = Math.max(1, (points.at(-1)?.atMs ?? 0) - startMs);
  const buckets: Point[][] = [];
  let openIndex = -1;
  for (const point of points) {
    const index = Math.min(count - 1, Math.floor(((point.atMs - startMs) / spanMs) * count));
    if (index !== openIndex) buckets.push([]);
    openIndex = index;
    buckets.at(-1)?.push(point);
  }
  return buckets;
}

function keptOf(bucket: readonly Point[]): Point[] {
  const lowest = bucket.reduce((low, point) => (point.value < low.value ? point : low));
  const highest = bucket.reduce((high, point) => (point.value > high.value ? point : high));
  return bucket.filter((point) => point === lowest || point === highest || point === bucket.at(-1));
}
