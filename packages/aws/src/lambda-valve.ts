import {
  GetEventSourceMappingCommand,
  type LambdaClient,
  ResourceInUseException,
  TooManyRequestsException,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { orUnreachable } from "@sluice/core/ports/unreachable";
import type { Valve, ValveState } from "@sluice/core/ports/valve";
import * as z from "zod";

/** What a mapping without a maximum runs at most: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const UNCAPPED_CONCURRENCY = 1_000;

const mappingSchema = z.object({
  State: z.enum(["Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting"]),
  StateTransitionReason: z.string().default(""),
  BatchSize: z.int(),
  ScalingConfig: z.object({ MaximumConcurrency: z.int().default(UNCAPPED_CONCURRENCY) }).default({
    MaximumConcurrency: UNCAPPED_CONCURRENCY,
  }),
});

/** {@link Valve} on an event source mapping. */
export function createLambdaValve(client: LambdaClient, uuid: string): Valve {
  return {
    async read() {
      const command = new GetEventSourceMappingCommand({ UUID: uuid });
      const mapping = mappingSchema.parse(await orUnreachable("Lambda", client.send(command)));
      const state = mapping.State.toLowerCase() as ValveState;
      return {
        settings: {
          isEnabled: state === "enabled" || state === "enabling" || state === "updating",
          batchSize: mapping.BatchSize,
          maximumConcurrency: mapping.ScalingConfig.MaximumConcurrency,
        },
        state,
        reason: mapping.StateTransitionReason,
      };
    },

    async update({ isEnabled, batchSize, maximumConcurrency }) {
      const command = new UpdateEventSourceMappingCommand({
        UUID: uuid,
        ...(isEnabled === undefined ? {} : { Enabled: isEnabled }),
        ...(batchSize === undefined ? {} : { BatchSize: batchSize }),
        ...(maximumConcurrency === undefined
          ? {}
          : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
      });
      try {
        await client.send(command);
        return { kind: "accepted" };
      } catch (thrown) {
        if (thrown instanceof ResourceInUseException) return { kind: "busy" };
        if (thrown instanceof TooManyRequestsException) return { kind: "throttled" };
        return orUnreachable("Lambda", Promise.reject(thrown));
      }
    },
  };
}
