export { NODEJS_OPTIONS, type NodejsOptions } from "./bundling.ts";
export { EVENT_SOURCE } from "./event-source.ts";
export {
  BATCH_METRICS,
  DECISION_METRICS,
  ENVIRONMENT_HOLD_VALUES,
  GAUGE_METRICS,
  HOLD_VALUES,
  METRIC_NAMESPACE,
  type Metric,
  type MetricName,
  metricDimensionsOf,
  PHASE_VALUES,
} from "./metrics.ts";
export {
  type DeploymentMode,
  type DeploymentPlan,
  EVENT_BUS,
  type FunctionPlan,
  type MappingPlan,
  planOf,
  type QueuePlan,
  queuesInOrder,
  type TablePlan,
  tableNamed,
} from "./plan.ts";
export {
  queueArnsSchema,
  queueUrlsSchema,
  queueVariableNames,
  queueVariables,
} from "./queue-variables.ts";
export { PRODUCTION, parseStage, type Stage, StageInvalid } from "./stage.ts";
