export { NODEJS_OPTIONS, type NodejsOptions } from "./bundling.ts";
export {
  BATCH_METRICS,
  DECISION_METRICS,
  GAUGE_METRICS,
  METRIC_NAMESPACE,
  type Metric,
  type MetricName,
  metricDimensionsOf,
  PHASE_VALUES,
} from "./metrics.ts";
export {
  type DeploymentMode,
  type DeploymentPlan,
  type FunctionPlan,
  type MappingPlan,
  planOf,
  type QueueAddress,
  type QueuePlan,
  queuesInOrder,
  queueVariableNames,
  queueVariables,
  type TablePlan,
  tableNamed,
} from "./plan.ts";
export { PRODUCTION, parseStage, type Stage, StageInvalid } from "./stage.ts";
