export { fanOutOf, type MappingShape, mappingShapeOf } from "./mapping-shape.ts";
export { idleReconciler, type Reconciler } from "./reconciler.ts";
