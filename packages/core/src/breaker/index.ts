export { assembleBreaker, type BreakerAssembly } from "./assemble.ts";
export { type Breaker, createBreaker } from "./breaker.ts";
export type { BreakerDeps } from "./breaker-deps.ts";
export type { BreakerStatus } from "./breaker-status.ts";
export { commitStep } from "./commit-step.ts";
export { parseMemory, readMemory } from "./memory.ts";
export { inFlightCountOf, type ReportedShard as ShardReport, readShards } from "./shards.ts";
