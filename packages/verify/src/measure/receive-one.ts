import type { Bench } from "../bench/bench.ts";
import { CallFailed } from "../call-failed.ts";
import type { MadeQueue, ReceivedMessage, ReceiveOptions } from "../ports/queues.ts";

const TRIES = 6;
const WAIT_SECONDS = 5;

/** Receives the one message that is there. @throws CallFailed if none comes within half a minute */
export async function receiveOne(
  { account, pause }: Bench,
  queue: MadeQueue,
  options: Omit<ReceiveOptions, "max" | "waitSeconds"> = {},
): Promise<ReceivedMessage> {
  for (let at = 0; at < TRIES; at += 1) {
    const [message] = await account.queues.receive(queue, { ...options, max: 1, waitSeconds: WAIT_SECONDS });
    if (message !== undefined) return message;
    await pause(0);
  }
  throw new CallFailed(
    "sqs:ReceiveMessage",
    new Error(`no message came in ${TRIES} receives of ${queue.arn}`),
  );
}
