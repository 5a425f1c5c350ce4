import type { Operation, SqsAnswer } from "./operation.ts";
import * as queueOperations from "./operations/queues.ts";
import * as receiptOperations from "./operations/receipts.ts";
import { receiveMessage } from "./operations/receive.ts";
import { sendMessage, sendMessageBatch } from "./operations/send.ts";
import { createQueueRegistry, type QueueRegistry, type QueueRegistryOptions } from "./queue-registry.ts";
import { SqsError } from "./sqs-error.ts";

/** FIFO queues of SQS in memory, reached by the names and inputs of its operations. */
export interface VirtualSqs {
  readonly queues: QueueRegistry;
  /**
   * Carries out a request, at once as far as it waits for no message: the queue has changed when the call returns.
   * @throws SqsError, as a rejection
   */
  request(operationName: string, input: unknown, signal?: AbortSignal): Promise<SqsAnswer>;
}

const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ["CreateQueue", queueOperations.createQueue],
  ["DeleteQueue", queueOperations.deleteQueue],
  ["ListQueues", queueOperations.listQueues],
  ["GetQueueUrl", queueOperations.getQueueUrl],
  ["GetQueueAttributes", queueOperations.getQueueAttributes],
  ["ListQueueTags", queueOperations.listQueueTags],
  ["TagQueue", queueOperations.tagQueue],
  ["SendMessage", sendMessage],
  ["SendMessageBatch", sendMessageBatch],
  ["ReceiveMessage", receiveMessage],
  ["DeleteMessage", receiptOperations.deleteMessage],
  ["DeleteMessageBatch", receiptOperations.deleteMessageBatch],
  ["ChangeMessageVisibility", receiptOperations.changeMessageVisibility],
  ["ChangeMessageVisibilityBatch", receiptOperations.changeMessageVisibilityBatch],
]);

/** Starts without a queue. */
export function createVirtualSqs(options: QueueRegistryOptions): VirtualSqs {
  const queues = createQueueRegistry(options);
  return {
    queues,
    async request(operationName, input, signal) {
      const run = OPERATIONS.get(operationName);
      if (run === undefined)
        throw new SqsError("InvalidAction", `The action ${operationName} is not valid for this endpoint.`);
      return run(input, { queues, ...(signal && { signal }) });
    },
  };
}
