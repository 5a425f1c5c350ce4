import type { MappingPlan } from "@sluice/core/deployment";
import { LANES } from "@sluice/core/provider";
import { plan } from "./deployment.ts";
import { queues, titled } from "./queues.ts";

/** Maps each lane's queue to a function, which answers with the messages that failed. */
export function mapQueues(target: sst.aws.Function): aws.lambda.EventSourceMapping[] {
  return LANES.map((lane) => mapping(`${titled(lane)}Mapping`, plan.mappings[lane], queues[lane], target));
}

function mapping(
  name: string,
  { settings }: MappingPlan,
  queue: sst.aws.Queue,
  target: sst.aws.Function,
): aws.lambda.EventSourceMapping {
  return new aws.lambda.EventSourceMapping(
    name,
    {
      eventSourceArn: queue.arn,
      functionName: target.arn,
      functionResponseTypes: ["ReportBatchItemFailures"],
      enabled: settings.isEnabled,
      batchSize: settings.batchSize,
      scalingConfig: { maximumConcurrency: settings.maximumConcurrency },
      // What was polled, handed over and failed; at no charge.
      metricsConfig: { metrics: ["EventCount"] },
    },
    {
      // The breaker owns these: a deploy must never open, shut or reset a valve.
      ignoreChanges: ["enabled", "batchSize", "scalingConfig"],
      // AWS refuses a second mapping between the same two, so that the old one has to go first.
      deleteBeforeReplace: true,
    },
  );
}
