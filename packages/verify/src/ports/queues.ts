/** A queue that is to be made. */
export interface QueueSpec {
  readonly name: string;
  /** A FIFO queue is one of high throughput, as Sluice's are; its name ends in `.fifo`. */
  readonly isFifo: boolean;
  readonly visibilitySeconds: number;
  readonly deadLetters?: { readonly queueArn: string; readonly maxReceiveCount: number };
}

/** A queue that exists. */
export interface MadeQueue {
  readonly url: string;
  readonly arn: string;
}

/** A message that is to be sent; only FIFO queues have groups. */
export interface OutgoingMessage {
  readonly body: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** The sender's own attributes, all texts. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A message as a receive brings it. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly handle: string;
  readonly body: string;
  readonly receiveCount: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A receive; what is left out is as the queue has it. */
export interface ReceiveOptions {
  /** 1 to 10. */
  readonly max: number;
  readonly visibilitySeconds?: number;
  readonly waitSeconds?: number;
}

/** The queue service of the account. Every call throws CallFailed. */
export interface Queues {
  create(spec: QueueSpec): Promise<MadeQueue>;
  /** Sends up to ten messages. */
  send(queue: MadeQueue, messages: readonly OutgoingMessage[]): Promise<void>;
  receive(queue: MadeQueue, options: ReceiveOptions): Promise<readonly ReceivedMessage[]>;
  delete(queue: MadeQueue, handle: string): Promise<void>;
  /** Hides a received message for so long from now. */
  hide(queue: MadeQueue, handle: string, seconds: number): Promise<void>;
  /** About how many wait, and how many are in flight. */
  counts(queue: MadeQueue): Promise<{ readonly waiting: number; readonly inFlight: number }>;
  /** Starts a redrive of dead letters into a queue. */
  redrive(deadLetters: MadeQueue, into: MadeQueue): Promise<void>;
}
