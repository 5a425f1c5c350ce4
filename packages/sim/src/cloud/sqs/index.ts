export type { SqsAnswer } from "./operation.ts";
export type { QueueRegistry, QueueRegistryOptions } from "./queue-registry.ts";
export { parseQueueAttributes } from "./queue-settings.ts";
export { SqsError } from "./sqs-error.ts";
export type { VirtualQueue } from "./virtual-queue.ts";
export { createVirtualSqs, type VirtualSqs } from "./virtual-sqs.ts";
export {
  type AroundSqs,
  createVirtualSqsClient,
  type SqsRequest,
  type VirtualSqsClient,
} from "./virtual-sqs-client.ts";
