export { type ControlPlane, createControlPlane } from "./control-plane.ts";
export type { MappingDescription } from "./description.ts";
export type { MappingInvocation } from "./invocation.ts";
export type { MappingState } from "./lifecycle.ts";
export type { MappingErrorName, MappingOutcome } from "./mapping-outcome.ts";
export type { MappingQueue, MessageAttribute, QueuedMessage } from "./mapping-queue.ts";
export { createMappings, type Mappings } from "./mappings.ts";
export type { MeasuredMapping } from "./measured-mapping.ts";
export type { MappingChange, MappingSettings } from "./settings.ts";
