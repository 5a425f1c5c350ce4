import { BATCH_SIZE_MAX } from "@sluice/core/aws-bounds";
import type { RecordedInvocation } from "../ports/journal.ts";
import type { MadeQueue } from "../ports/queues.ts";
import type { Bench } from "./bench.ts";

/** Keeps messages waiting in a queue. */
export interface Feeder {
  /** Sends until the backlog is as large as it should be, by what the recorder was handed. @throws CallFailed */
  feed(handedOver: readonly RecordedInvocation[]): Promise<void>;
  /** To be called when somebody else has emptied the queue. */
  emptied(): void;
}

/** The backlog that a feeder keeps. */
export interface FeederOptions {
  readonly backlog: number;
  /** The messages go to these groups in turn. */
  readonly groups: number;
  /** For which the recorder holds each. */
  readonly holdMs: number;
}

/** Starts with nothing sent. */
export function createFeeder(
  { account }: Bench,
  queue: MadeQueue,
  runId: string,
  options: FeederOptions,
): Feeder {
  const { backlog, groups, holdMs } = options;
  let sentCount = 0;
  /** Numbers from here on are of messages that may still wait. */
  let waitingFrom = 0;

  function next() {
    const number = sentCount;
    sentCount += 1;
    return {
      body: JSON.stringify({ number, holdMs }),
      groupId: `${runId}-${number % groups}`,
      deduplicationId: `${runId}-${number}`,
    };
  }

  return {
    emptied() {
      waitingFrom = sentCount;
    },
    async feed(handedOver) {
      const numbers = handedOver.flatMap(({ messages }) => messages.map(({ number }) => number));
      const seen = new Set(numbers.filter((number) => number >= waitingFrom));
      while (sentCount - waitingFrom - seen.size < backlog)
        await account.queues.send(queue, Array.from({ length: BATCH_SIZE_MAX }, next));
    },
  };
}
