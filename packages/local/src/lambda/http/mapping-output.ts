import type { EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import type { MappingDescription } from "@sluice/sim/event-source-mapping";
import { type Account, functionArnOf, mappingArnOf } from "../account.ts";

/** A mapping on the wire, where instants are seconds since the epoch. */
export interface MappingOutput extends Omit<EventSourceMappingConfiguration, "LastModified"> {
  readonly LastModified: number;
}

/** Writes a mapping as AWS's clients read it. */
export function toMappingOutput(account: Account, mapping: MappingDescription): MappingOutput {
  const { maximumConcurrency, batchSize, reportsBatchItemFailures } = mapping.settings;
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: mappingArnOf(account, mapping.uuid),
    EventSourceArn: mapping.queueArn,
    FunctionArn: functionArnOf(account, mapping.functionName),
    State: mapping.state,
    StateTransitionReason: mapping.stateTransitionReason,
    LastModified: mapping.lastModifiedAtMs / 1_000,
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: 0,
    ...(maximumConcurrency !== null && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
    FunctionResponseTypes: reportsBatchItemFailures ? ["ReportBatchItemFailures"] : [],
  };
}
