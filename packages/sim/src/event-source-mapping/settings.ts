import { BATCH_SIZE_MAX, MAXIMUM_CONCURRENCY_MAX, MAXIMUM_CONCURRENCY_MIN } from "@sluice/core/aws-bounds";
import { type MappingRefusal, refused } from "./mapping-outcome.ts";

/** The settings of a mapping that this model knows. */
export interface MappingSettings {
  /** A mapping that is not enabled polls nothing. */
  readonly isEnabled: boolean;
  /** Messages that one invocation gets at most, 1–10. */
  readonly batchSize: number;
  /** Batches in flight at once, 2–1000; `null`: no maximum of its own, so {@link CEILING_CONCURRENCY}. */
  readonly maximumConcurrency: number | null;
  /** `ReportBatchItemFailures`: the function's answer may name the messages that failed. */
  readonly reportsBatchItemFailures: boolean;
}

/** A change: what is left out stays as it is, and a `maximumConcurrency` of `null` clears the maximum. */
export type MappingChange = Partial<MappingSettings>;

/** AWS's defaults for a new mapping. */
export const DEFAULT_SETTINGS: MappingSettings = {
  isEnabled: true,
  batchSize: BATCH_SIZE_MAX,
  maximumConcurrency: null,
  reportsBatchItemFailures: false,
};

/**
 * Batches in flight at once when the mapping sets no maximum; older texts of AWS say 1,000.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const CEILING_CONCURRENCY = 1_250;

/** Largest batch of any kind of source, and the bound that AWS's model of the call has. */
const ANY_BATCH_SIZE_MAX = 10_000;

/**
 * The refusal of these settings by AWS; undefined if it accepts them. What its model of the call rules out fails
 * validation. Above ten it complains of the batch window, on FIFO queues as well, which know no window.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function settingsProblem({
  batchSize,
  maximumConcurrency,
}: MappingSettings): MappingRefusal | undefined {
  const outOfBounds =
    boundsProblem("batchSize", batchSize, 1, ANY_BATCH_SIZE_MAX) ??
    (maximumConcurrency === null
      ? undefined
      : boundsProblem(
          "scalingConfig.maximumConcurrency",
          maximumConcurrency,
          MAXIMUM_CONCURRENCY_MIN,
          MAXIMUM_CONCURRENCY_MAX,
        ));
  if (outOfBounds !== undefined) return refused("ValidationException", outOfBounds);
  if (batchSize <= BATCH_SIZE_MAX) return undefined;
  return refused(
    "InvalidParameterValueException",
    "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
  );
}

function boundsProblem(path: string, value: number, min: number, max: number): string | undefined {
  if (Number.isInteger(value) && value >= min && value <= max) return undefined;
  const bound = value > max ? `less than or equal to ${max}` : `greater than or equal to ${min}`;
  return `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must have value ${bound}`;
}
