export { NODEJS_OPTIONS, type NodejsOptions } from "./bundling.ts";
export { METRIC_NAMESPACE, type MetricName, metricDimensionsOf, PHASE_VALUES } from "./metric-names.ts";
export {
  type DeploymentMode,
  type DeploymentPlan,
  type FunctionPlan,
  type MappingPlan,
  planOf,
  type QueuePlan,
  queueVariables,
  type TablePlan,
  tableNamed,
} from "./plan.ts";
export { PRODUCTION, parseStage, type Stage, StageInvalid } from "./stage.ts";
