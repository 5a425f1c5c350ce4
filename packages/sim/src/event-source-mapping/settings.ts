import { BATCH_SIZE_MAX, MAXIMUM_CONCURRENCY_MAX, MAXIMUM_CONCURRENCY_MIN } from "@sluice/core/aws-bounds";

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

/** Batches in flight at once when the mapping sets no maximum. Newer AWS texts say 1,250, older ones 1,000. */
export const CEILING_CONCURRENCY: number = MAXIMUM_CONCURRENCY_MAX;

/**
 * The complaint of AWS about these settings, in its words; undefined if it accepts them.
 * Above ten it complains of the batch window, on FIFO queues as well, which know no window.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function settingsProblem(settings: MappingSettings): string | undefined {
  const { batchSize, maximumConcurrency } = settings;
  if (batchSize > BATCH_SIZE_MAX) {
    return "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10";
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    return `Value '${batchSize}' at 'batchSize' failed to satisfy constraint: Member must be a whole number from 1 to ${BATCH_SIZE_MAX}`;
  }
  if (maximumConcurrency !== null && !isMaximumConcurrency(maximumConcurrency)) {
    return `Value '${maximumConcurrency}' at 'scalingConfig.maximumConcurrency' failed to satisfy constraint: Member must be a whole number from ${MAXIMUM_CONCURRENCY_MIN} to ${MAXIMUM_CONCURRENCY_MAX}`;
  }
  return undefined;
}

function isMaximumConcurrency(value: number): boolean {
  return Number.isInteger(value) && value >= MAXIMUM_CONCURRENCY_MIN && value <= MAXIMUM_CONCURRENCY_MAX;
}
