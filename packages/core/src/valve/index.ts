export { fanOutOf, type MappingShape, mappingShapeOf } from "./mapping-shape.ts";
export { createReconciler, idleReconciler, type Reconciler } from "./reconciler.ts";
