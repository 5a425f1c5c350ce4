/** Memory of a worker's before it reads an answer: Node, the bundle, a connection. */
const WORKER_BASE_MB = 96;
/** Memory for each megabyte of JSON, as measured: 5 to 7 in usual ones, and 32 where it is nothing but small arrays. */
const MEMORY_PER_MB = 32;

/** Longest answer, in whole megabytes, that can't take a worker's memory away, whatever JSON it is. */
export function answerMaxMbOf(memoryMb: number): number {
  return Math.max(1, Math.floor((memoryMb - WORKER_BASE_MB) / MEMORY_PER_MB));
}

/** The memory in which an answer of so many megabytes is safe. */
export function memoryMbFor(answerMaxMb: number): number {
  return WORKER_BASE_MB + answerMaxMb * MEMORY_PER_MB;
}
