import {
  CreateEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  type LambdaClient,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { Clock } from "@sluice/core/ports";
import { calling } from "../call-failed.ts";
import type { MappingCalls, MappingReading, TurnedSettings } from "../ports/mapping-calls.ts";
import { tryUntil } from "../try-until.ts";
import { type Marks, tagsOf } from "./tagged.ts";

/** IAM is told to be consistent within seconds; a minute is plenty. */
const ROLE_KNOWN_WITHIN_MS = 60_000;

/** {@link MappingCalls} of Lambda. */
export function createMappingCalls(client: LambdaClient, clock: Clock, marks: Marks): MappingCalls {
  return {
    async create({ functionName, queueArn, ...settings }) {
      const command = new CreateEventSourceMappingCommand({
        FunctionName: functionName,
        EventSourceArn: queueArn,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        Tags: tagsOf(marks),
        ...toChange(settings),
      });
      const create = () => client.send(command);
      const { UUID = "" } = await calling(
        "lambda:CreateEventSourceMapping",
        tryUntil(clock, ROLE_KNOWN_WITHIN_MS, create, isRoleUnknown),
      );
      return UUID;
    },
    async read(uuid) {
      const command = new GetEventSourceMappingCommand({ UUID: uuid });
      return toReading(await calling("lambda:GetEventSourceMapping", client.send(command)));
    },
    async update(uuid, change) {
      const command = new UpdateEventSourceMappingCommand({ UUID: uuid, ...toChange(change) });
      return toReading(await calling("lambda:UpdateEventSourceMapping", client.send(command)));
    },
  };
}

/** A role that was made a moment ago may not be allowed anything yet. */
function isRoleUnknown(error: Error): boolean {
  return error.name === "InvalidParameterValueException" && /role|permissions/.test(error.message);
}

function toChange({ isEnabled, batchSize, maximumConcurrency }: Partial<TurnedSettings>) {
  return {
    ...(isEnabled !== undefined && { Enabled: isEnabled }),
    ...(batchSize !== undefined && { BatchSize: batchSize }),
    ...(maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
  };
}

function toReading(mapping: EventSourceMappingConfiguration): MappingReading {
  return {
    state: mapping.State ?? "",
    batchSize: mapping.BatchSize ?? 0,
    maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
  };
}
