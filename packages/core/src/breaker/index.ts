export { type Breaker, createBreaker, type ShardReport } from "./breaker.ts";
export { parseMemory } from "./memory.ts";
