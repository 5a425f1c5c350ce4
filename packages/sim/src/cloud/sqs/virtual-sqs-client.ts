import * as z from "zod";
import { unlessAborted } from "../sdk/unless-aborted.ts";
import type { SqsAnswer } from "./operation.ts";
import type { VirtualSqs } from "./virtual-sqs.ts";

/** A client of the virtual SQS in the shape of the SDK's, as far as Sluice's adapters use it. */
export interface VirtualSqsClient {
  readonly config: { region(): Promise<string> };
  /** Sends a command of the SDK; it is told by the name of its class and its input. @throws SqsError, as a rejection */
  send(command: SdkCommand, options?: SendOptions): Promise<SqsAnswer>;
  destroy(): void;
}

/** A command of the SDK. */
export interface SdkCommand {
  readonly input: object;
}

/** The options of a request that count here. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** A request on its way to SQS; its queue is absent where the operation has none. */
export interface SqsRequest {
  readonly operation: string;
  readonly input: object;
  readonly queueUrl?: string;
}

/**
 * Stands between a client and SQS. It lets `apply` carry out the request, or one of another input, never, once or
 * again, sooner or later, and answers what it likes: a lost request, a lost answer, a repeated request, a failure.
 * `apply` changes the queue before it returns, unless it waits for messages; it may reject.
 */
export type AroundSqs = (
  request: SqsRequest,
  apply: (input?: object) => Promise<SqsAnswer>,
) => Promise<SqsAnswer>;

/** The SQS that a client talks to, and what stands between them. */
export interface VirtualSqsClientOptions {
  readonly sqs: VirtualSqs;
  readonly region: string;
  /** By default nothing. */
  readonly around?: AroundSqs;
}

const queueUrlSchema = z.object({ QueueUrl: z.string().optional() });

/** Makes a client. It never repeats a request; who wants that does so around it. */
export function createVirtualSqsClient({
  sqs,
  region,
  around = applyOnce,
}: VirtualSqsClientOptions): VirtualSqsClient {
  return {
    config: { region: async () => region },
    async send(command, { abortSignal } = {}) {
      const operation = command.constructor.name.replace(/Command$/, "");
      const { QueueUrl: queueUrl } = queueUrlSchema.parse(command.input);
      const apply = async (input = command.input) => {
        const answer = await sqs.request(operation, input, abortSignal);
        return { $metadata: { httpStatusCode: 200 }, ...answer };
      };
      const request = { operation, input: command.input, ...(queueUrl !== undefined && { queueUrl }) };
      return unlessAborted(abortSignal, () => around(request, apply));
    },
    destroy() {},
  };
}

const applyOnce: AroundSqs = (_request, apply) => apply();
