import type { MappingPlan } from "@sluice/core/deployment";
import { plan } from "./deployment.ts";
import { expressQueue, recordsQueue } from "./queues.ts";

/** Maps both queues to a function, which answers with the messages that failed. */
export function mapQueues(target: sst.aws.Function): aws.lambda.EventSourceMapping[] {
  const [records, express] = plan.mappings;
  return [
    mapping("RecordsMapping", records, recordsQueue, target),
    mapping("ExpressMapping", express, expressQueue, target),
  ];
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
    },
    {
      // The breaker owns these: a deploy must never open, shut or reset a valve.
      ignoreChanges: ["enabled", "batchSize", "scalingConfig"],
      // AWS refuses a second mapping between the same two, so that the old one has to go first.
      deleteBeforeReplace: true,
    },
  );
}
