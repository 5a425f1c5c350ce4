import { expect, test } from "vitest";
import { keepWithinMemory } from "./keep-within-memory.ts";

const BYTES = 64 * 2 ** 20;

/** Heap in use after 64 MB of it are garbage, and `keep` was called. */
function usedAfter(keep: () => void): number {
  let garbage: unknown[] = Array.from({ length: BYTES / 64 }, (_, nth) => ({ nth, next: [nth] }));
  expect(garbage).not.toHaveLength(0);
  garbage = [];
  keep();
  return process.memoryUsage().heapUsed;
}

test("garbage is collected once it takes the memory beside the heap, and not before", () => {
  const collected = usedAfter(() => keepWithinMemory(128));
  const left = usedAfter(() => keepWithinMemory(10_000));
  expect(left - collected).toBeGreaterThan(BYTES / 2);
  expect(usedAfter(() => keepWithinMemory(128))).toBeLessThan(collected + BYTES / 4);
});
