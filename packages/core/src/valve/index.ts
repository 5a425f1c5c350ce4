export { idleReconciler } from "./idle-reconciler.ts";
export { fanOutOf, type MappingShape, mappingShapeOf } from "./mapping-shape.ts";
export { permitBoundsOf } from "./permit-bounds.ts";
export { createReconciler, type Reconciler, type ValveName } from "./reconciler.ts";
