import type { FifoContents, FifoContentsOptions } from "../../fifo-queue/fifo-contents.ts";
import type { Redrive } from "../../fifo-queue/receives.ts";
import type { TimerClock } from "../../virtual-time/timer-clock.ts";
import { type QueueAttributes, redrivePolicyOf } from "./queue-settings.ts";
import { invalidParameter, SqsError } from "./sqs-error.ts";
import { createVirtualQueue, type VirtualQueue } from "./virtual-queue.ts";

/** The queues of one account and region. */
export interface QueueRegistry {
  /** Makes a queue, or finds the one that is just like it. @throws SqsError */
  create(name: string, attributes: QueueAttributes, tags?: Readonly<Record<string, string>>): VirtualQueue;
  /** @throws SqsError `QueueDoesNotExist` */
  named(name: string): VirtualQueue;
  /** The queue of a URL, be its host what it may. @throws SqsError `QueueDoesNotExist` */
  at(url: string): VirtualQueue;
  /** Undefined if there is none. */
  withArn(arn: string): VirtualQueue | undefined;
  /** In the order of their creation. */
  all(): readonly VirtualQueue[];
  /** Forgets the queue of a URL. @throws SqsError `QueueDoesNotExist` */
  remove(url: string): void;
}

/** The place of a {@link QueueRegistry}, and how its queues behave. */
export interface QueueRegistryOptions {
  readonly clock: TimerClock;
  readonly region: string;
  readonly accountId: string;
  /** The beginning of queue URLs, without a slash at its end. */
  readonly endpoint: string;
  /** The options of a queue's contents besides its settings; by default it starts empty, and counts exactly. */
  contentsOf?(
    queueName: string,
  ): Partial<Pick<FifoContentsOptions, "makeUp" | "messageIdOf" | "countedAtMs">>;
  /** Stands between a queue and its contents; by default nothing does. */
  watch?(queueName: string, contents: FifoContents): FifoContents;
}

/** Starts without a queue. */
export function createQueueRegistry(options: QueueRegistryOptions): QueueRegistry {
  const { region, accountId, endpoint, clock } = options;
  const queues = new Map<string, VirtualQueue>();
  const arnOf = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;

  function named(name: string): VirtualQueue {
    const queue = queues.get(name);
    if (queue === undefined) throw new SqsError("QueueDoesNotExist", "The specified queue does not exist.");
    return queue;
  }

  function at(url: string): VirtualQueue {
    return named(url.slice(url.lastIndexOf("/") + 1));
  }

  function withArn(arn: string): VirtualQueue | undefined {
    return [...queues.values()].find((queue) => queue.arn === arn);
  }

  /** The policy as a queue's contents need it: who is moved appears at once to those who wait for dead letters. */
  function redriveOf(attributes: QueueAttributes): Redrive | undefined {
    const policy = redrivePolicyOf(attributes);
    if (policy === undefined) return undefined;
    const target = withArn(policy.deadLetterTargetArn);
    if (target === undefined)
      throw invalidParameter("RedrivePolicy", attributes.RedrivePolicy, "Dead letter target does not exist");
    return {
      maxReceiveCount: policy.maxReceiveCount,
      adopt(message, queueName) {
        target.contents.adopt(message, arnOf(queueName));
        target.serve();
      },
    };
  }

  function make(
    name: string,
    attributes: QueueAttributes,
    tags: Readonly<Record<string, string>>,
  ): VirtualQueue {
    const redrive = redriveOf(attributes);
    const queue = createVirtualQueue({
      name,
      url: `${endpoint}/${accountId}/${name}`,
      arn: arnOf(name),
      attributes,
      tags: { ...tags },
      clock,
      watch: (contents) => options.watch?.(name, contents) ?? contents,
      contents: {
        makeUp: () => ({ groupId: name, body: "" }),
        messageIdOf: (sequence) => `${name}-${sequence}`,
        ...options.contentsOf?.(name),
        ...(redrive && { redrive }),
      },
    });
    queues.set(name, queue);
    return queue;
  }

  return {
    create(name, attributes, tags = {}) {
      const known = queues.get(name);
      if (known === undefined) return make(name, attributes, tags);
      if (JSON.stringify(known.attributes) === JSON.stringify(attributes)) return known;
      throw new SqsError(
        "QueueNameExists",
        "A queue already exists with the same name and a different value for an attribute.",
      );
    },
    named,
    at,
    withArn,
    all: () => [...queues.values()],
    remove: (url) => void queues.delete(at(url).name),
  };
}
