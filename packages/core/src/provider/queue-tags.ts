import type { Provider } from "./provider.ts";

/** The contract in the tags of a provider's queues, or the reason why they have none. */
export type ParsedQueueTags =
  | { readonly kind: "tags"; readonly maxConcurrency: number }
  | { readonly kind: "rejected"; readonly reason: string };

/**
 * Name of the tag with X. SQS allows letters, digits, spaces and `_.:/=+-@`.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
const MAX_CONCURRENCY_TAG = "sluice:max-concurrency";
const WHOLE_NUMBER = /^[1-9]\d*$/;

/** The tags of a provider's source queues: they tell X to a scheduler in another app, without a catalog. */
export function queueTagsOf({ maxConcurrency }: Pick<Provider, "maxConcurrency">): Record<string, string> {
  return { [MAX_CONCURRENCY_TAG]: String(maxConcurrency) };
}

/** Reads {@link queueTagsOf}; tags of other owners may be among them. */
export function parseQueueTags(tags: Readonly<Record<string, string>>): ParsedQueueTags {
  const text = tags[MAX_CONCURRENCY_TAG];
  if (text !== undefined && WHOLE_NUMBER.test(text)) return { kind: "tags", maxConcurrency: Number(text) };
  const received = text === undefined ? "nothing" : JSON.stringify(text);
  return {
    kind: "rejected",
    reason: `tag ${MAX_CONCURRENCY_TAG} must be a whole number from 1, received ${received}`,
  };
}
