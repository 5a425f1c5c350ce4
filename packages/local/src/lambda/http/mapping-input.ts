import type { MappingChange } from "@sluice/sim/event-source-mapping";
import * as z from "zod";

/** The settings in a request, as AWS names them; each may be left out. */
export interface MappingSettingsInput {
  readonly Enabled?: boolean;
  readonly BatchSize?: number;
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly FunctionResponseTypes?: readonly "ReportBatchItemFailures"[];
  /** FIFO queues know no batching window, so that nothing else is accepted here. */
  readonly MaximumBatchingWindowInSeconds?: 0;
}

/** Body of CreateEventSourceMapping. */
export interface CreateMappingInput extends MappingSettingsInput {
  readonly EventSourceArn: string;
  readonly FunctionName: string;
}

/** Body of UpdateEventSourceMapping. A mapping keeps its function here; AWS lets it move to another one. */
export interface UpdateMappingInput extends MappingSettingsInput {
  readonly FunctionName?: string;
}

const settings = {
  Enabled: z.exactOptional(z.boolean()),
  BatchSize: z.exactOptional(z.number()),
  ScalingConfig: z.exactOptional(z.strictObject({ MaximumConcurrency: z.exactOptional(z.number()) })),
  FunctionResponseTypes: z.exactOptional(z.array(z.literal("ReportBatchItemFailures"))),
  MaximumBatchingWindowInSeconds: z.exactOptional(
    z.literal(0, "Batching window is not supported for FIFO queues"),
  ),
};

/** Parses {@link CreateMappingInput}; refuses settings that this model does not know, rather than ignore them. */
export const createMappingInputSchema: z.ZodType<CreateMappingInput> = z.strictObject({
  ...settings,
  EventSourceArn: z.string().regex(/^arn:aws:sqs:[^:]+:[^:]+:[^:]+$/, "must be the ARN of an SQS queue"),
  FunctionName: z.string().min(1),
});

/** Parses {@link UpdateMappingInput}, as strictly as {@link createMappingInputSchema}. */
export const updateMappingInputSchema: z.ZodType<UpdateMappingInput> = z.strictObject({
  ...settings,
  FunctionName: z.exactOptional(z.string().min(1)),
});

/** The change that a request asks for: an empty `ScalingConfig` clears the maximum, a missing one keeps it. */
export function toMappingChange(input: MappingSettingsInput): MappingChange {
  return {
    ...(input.Enabled !== undefined && { isEnabled: input.Enabled }),
    ...(input.BatchSize !== undefined && { batchSize: input.BatchSize }),
    ...(input.ScalingConfig !== undefined && {
      maximumConcurrency: input.ScalingConfig.MaximumConcurrency ?? null,
    }),
    ...(input.FunctionResponseTypes !== undefined && {
      reportsBatchItemFailures: input.FunctionResponseTypes.length > 0,
    }),
  };
}
