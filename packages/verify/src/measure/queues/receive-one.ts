import type { Bench } from "../../bench/bench.ts";
import { CallFailed } from "../../call-failed.ts";
import type { MadeQueue, ReceivedMessage, ReceiveOptions } from "../../ports/queues.ts";

const WITHIN_MS = 30_000;
const WAIT_SECONDS = 5;

/** Receives the one message that is there. @throws CallFailed if none comes within `withinMs`, Interrupted */
export async function receiveOne(
  { account, clock, pause }: Bench,
  queue: MadeQueue,
  options: Omit<ReceiveOptions, "max" | "waitSeconds"> = {},
  withinMs: number = WITHIN_MS,
): Promise<ReceivedMessage> {
  const untilMs = clock.nowMs() + withinMs;
  do {
    const [message] = await account.queues.receive(queue, { ...options, max: 1, waitSeconds: WAIT_SECONDS });
    if (message !== undefined) return message;
    await pause(0);
  } while (clock.nowMs() < untilMs);
  throw new CallFailed(
    "sqs:ReceiveMessage",
    new Error(`no message came from ${queue.arn} in ${withinMs} ms`),
  );
}
