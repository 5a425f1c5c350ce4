import type { MeasuredMapping } from "@sluice/sim/event-source-mapping";

/** One description of AWS's mappings out of what several measurements have brought, each a part of its own. */
export function mergeMappings(parts: readonly MeasuredMapping[]): MeasuredMapping {
  return Object.assign({}, ...parts);
}
