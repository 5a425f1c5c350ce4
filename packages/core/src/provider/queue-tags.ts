import type { Provider } from "./provider.ts";

/**
 * Name of the tag with X. SQS allows letters, digits, spaces and `_.:/=+-@`.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
const MAX_CONCURRENCY_TAG = "sluice:max-concurrency";

/**
 * The tags of a provider's source queues. A scheduler that is installed in another app may be of an earlier version,
 * which refuses queues whose tags don't tell X.
 */
export function queueTagsOf({ maxConcurrency }: Pick<Provider, "maxConcurrency">): Record<string, string> {
  return { [MAX_CONCURRENCY_TAG]: String(maxConcurrency) };
}
