export { fanOutOf, type MappingShape, mappingShapeOf } from "./mapping-shape.ts";
export { permitBoundsOf } from "./permit-bounds.ts";
export { idleReconciler, type Reconciler } from "./reconciler.ts";
