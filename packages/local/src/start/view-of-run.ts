import type { ControlState } from "@sluice/core/law";
import type { MappingSettings, MappingState } from "@sluice/sim/event-source-mapping";
import type { LiveView } from "./live-view.ts";
import type { LocalRun } from "./local-run.ts";
import type { Preparation } from "./prepare.ts";
import type { Glance } from "./run-progress.ts";
import type { SteeringView } from "./steering-view.ts";
import { stormStageAt } from "./storm-stage.ts";

/** The figures of a view that its caller remembers or has fetched. */
export interface ViewInputs {
  readonly startedAtMs: number;
  /** The breaker's state. */
  readonly control: ControlState;
  readonly glance?: Glance;
  readonly steering?: SteeringView;
}

/** The view of a run at this instant. */
export function viewOfRun(
  { cloud, deployment, providerServer }: LocalRun,
  { provider, scenario, input }: Preparation,
  { startedAtMs, control, glance, steering }: ViewInputs,
): LiveView {
  const { audit, recent, trouble } = providerServer;
  const { names } = deployment.plan;
  const { isEnabled, batchSize, maximumConcurrency } = mappingOf(cloud, names.queues.records);
  const { servedByDay } = audit.report();
  return {
    elapsedMs: Date.now() - startedAtMs,
    weather: stormStageAt(scenario.provider, providerServer.elapsedMinutes()),
    phase: control.phase,
    limit: control.limit,
    maxConcurrency: provider.maxConcurrency,
    inFlightCount: audit.inFlightCount(),
    batchSize,
    maximumConcurrency: maximumConcurrency ?? 0,
    isValveEnabled: isEnabled,
    ...recent.summary(Date.now()),
    fetchedCount: Object.values(servedByDay).reduce((sum, count) => sum + count, 0),
    totalCount: input.recordCount,
    backlogCount: glance?.queuedCount ?? 0,
    ...(trouble?.current() ?? { slowPercentage: 0, errorPercentage: 0 }),
    ...(glance?.retry && { retry: glance.retry }),
    ...(glance?.run && { run: glance.run }),
    ...(steering && { steering }),
  };
}

/** States in which messages flow: a mapping that is being shut polls until that is done. */
const FLOWING_STATES: ReadonlySet<MappingState> = new Set(["Enabled", "Updating", "Disabling"]);

/** The settings in force of a queue's mapping: in a transition those from before it. */
function mappingOf(
  { lambdaService }: LocalRun["cloud"],
  queueName: string,
): Pick<MappingSettings, "isEnabled" | "batchSize" | "maximumConcurrency"> {
  const found = lambdaService.mappings.list().find(({ queueArn }) => queueArn.endsWith(`:${queueName}`));
  if (found === undefined) return { isEnabled: false, batchSize: 0, maximumConcurrency: 0 };
  return { ...found.settings, isEnabled: FLOWING_STATES.has(found.state) };
}
