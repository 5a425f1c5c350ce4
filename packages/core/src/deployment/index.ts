export { ALARM_NAMES, type AlarmName } from "./alarm-names.ts";
export { NODEJS_OPTIONS, type NodejsOptions, nodeOptionsOf } from "./bundling.ts";
export { type Catalog, checkCatalog } from "./check-catalog.ts";
export { checkDeploy } from "./check-deploy.ts";
export { concurrencyNeedOf } from "./concurrency-budget.ts";
export { DeployRefused } from "./deploy-refused.ts";
export type { DeployedProvider } from "./deployed-provider.ts";
export type { Environment, WorkerVpc } from "./environment.ts";
export { DEFAULT_BUS, EVENT_SOURCE } from "./event-bus.ts";
export { keyProblems } from "./key-problems.ts";
export {
  BATCH_METRICS,
  DECISION_METRICS,
  ENVIRONMENT_HOLD_VALUES,
  GAUGE_METRICS,
  METRIC_NAMESPACE,
  type Metric,
  type MetricName,
  type MetricScope,
  metricDimensionsOf,
  metricsIn,
} from "./metrics.ts";
export { EnvironmentFileInvalid, parseEnvironment } from "./parse-environment.ts";
export { strayFrom } from "./pinned-place.ts";
export {
  type DeploymentMode,
  type DeploymentPlan,
  type FunctionPlan,
  type MappingPlan,
  planOf,
  type QueuePlan,
  queuesInOrder,
  type TablePlan,
  tableNamed,
} from "./plan.ts";
export { providerIn } from "./provider-in.ts";
export {
  queueArnsSchema,
  queueUrlsSchema,
  queueVariableNames,
  queueVariables,
} from "./queue-variables.ts";
export { sharedBuses } from "./shared-bus.ts";
export { PRODUCTION, parseStage, type Stage, StageInvalid, stageOf } from "./stage.ts";
export { touchedStages } from "./touched-stages.ts";
export { describePins, type EnvironmentSettings, unpinnedSettings } from "./unpinned.ts";
export { oversizedVariables, variablesBytesOf } from "./variables-size.ts";
