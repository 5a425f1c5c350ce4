import type { Provider } from "./provider.ts";

/** What the tags of a provider's queues say, or why they say nothing. */
export type ParsedQueueTags =
  | { readonly kind: "tags"; readonly maxConcurrency: number }
  | { readonly kind: "rejected"; readonly reason: string };

/** SQS allows letters, digits, spaces and `_.:/=+-@`. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
const MAX_CONCURRENCY_TAG = "sluice:max-concurrency";
const WHOLE_NUMBER = /^[1-9]\d*$/;

/** The tags of a provider's source queues: they tell a scheduler in another app, which has no catalog, what X is. */
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
