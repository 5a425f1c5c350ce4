/** SQS's names for a queue that is not there: of its JSON protocol, and of its older one. */
export const QUEUE_GONE: readonly string[] = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];
