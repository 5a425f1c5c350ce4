import { getHeapStatistics } from "node:v8";
import { collectGarbage } from "./collect-garbage.ts";

const BYTES_PER_MB = 2 ** 20;
/** Memory that a function needs beside its heap: Node itself, and the next batch. */
const BESIDE_HEAP_MB = 100;

/** Collects garbage if the function's heap has grown to where the rest of its memory is needed beside it. */
export function keepWithinMemory(memoryMb: number): void {
  const heapMb = getHeapStatistics().total_heap_size / BYTES_PER_MB;
  if (heapMb > memoryMb - BESIDE_HEAP_MB) collectGarbage();
}
