export { fanOutOf, type MappingShape, mappingShapeOf } from "./mapping-shape.ts";
export { permitBoundsOf } from "./permit-bounds.ts";
export { idleReconciler, type Reconciler, type SeenMapping } from "./reconciler.ts";
