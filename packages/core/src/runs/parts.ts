import type { PartKey, RunPart } from "../ports/run-store.ts";
import { type EndCounts, RECORD_ENDS, type RecordEnd } from "../records/record-end.ts";

/**
 * Marks of a full part. With three digits a number takes 3 bytes of a number set, so that a full part stays below 1 KB,
 * and a write of it is one unit: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const PART_SIZE = 200;

/** The part of level 0 that holds a record's end, and the place in it. */
export function placeOf(number: number): { readonly part: PartKey; readonly place: number } {
  return { part: { level: 0, index: Math.floor(number / PART_SIZE) }, place: number % PART_SIZE };
}

/** The number of a record by its place in a part of level 0. */
export function numberAt(partIndex: number, place: number): number {
  return partIndex * PART_SIZE + place;
}

/** The part that notes whether this one is full, and the place in it. */
export function parentOf({ level, index }: PartKey): { readonly part: PartKey; readonly place: number } {
  return { part: { level: level + 1, index: Math.floor(index / PART_SIZE) }, place: index % PART_SIZE };
}

/** True if a part is the only one of its level, so that a run is done when it is full. */
export function isRoot({ level }: PartKey, totalCount: number): boolean {
  return totalCount <= PART_SIZE ** (level + 1);
}

/** True if all that a part holds has ended. @param totalCount records of the run; undefined while it is not known */
export function isFull(part: RunPart, totalCount: number | undefined): boolean {
  return markedCount(part) >= sizeOf(part, totalCount);
}

/** True if a part would be full in a run that ends with its last mark. */
export function isFullSoFar(part: RunPart): boolean {
  const marked = markedIn(part);
  return Math.max(...marked) < marked.size;
}

function sizeOf({ level, index }: PartKey, totalCount: number | undefined): number {
  if (totalCount === undefined) return PART_SIZE;
  const childCount = Math.ceil(totalCount / PART_SIZE ** level);
  return Math.min(PART_SIZE, childCount - index * PART_SIZE);
}

function markedIn({ marks }: RunPart): ReadonlySet<number> {
  return new Set(Object.values(marks).flat());
}

function markedCount(part: RunPart): number {
  return markedIn(part).size;
}

/** Numbers by end, of none. */
export const NO_ENDS: EndCounts = { fetched: 0, fetchedBefore: 0, dead: 0, expired: 0, cancelled: 0 };

/** The records of a part by their end: of several ends of a record the strongest counts. */
export function endCountsOf({ marks }: RunPart): EndCounts {
  const counted = new Set<number>();
  const counts: Record<RecordEnd, number> = { ...NO_ENDS };
  for (const end of RECORD_ENDS) {
    for (const place of marks[end] ?? []) {
      if (counted.has(place)) continue;
      counted.add(place);
      counts[end] += 1;
    }
  }
  return counts;
}

/** The sum of counts. */
export function sumOfCounts(one: EndCounts, other: EndCounts): EndCounts {
  const sum: Record<RecordEnd, number> = { ...one };
  for (const end of RECORD_ENDS) sum[end] += other[end];
  return sum;
}

/** Records that have ended. */
export function endedCount(counts: EndCounts): number {
  return RECORD_ENDS.reduce((sum, end) => sum + counts[end], 0);
}
