import { fanOutOf } from "@sluice/core/valve/shape";
import { ventilate } from "@sluice/core/ventilator/ventilate";
import { parseSqsEvent } from "./sqs-event.ts";
import { wire } from "./wiring.ts";

const { deps, queueNamed } = wire("ventilator");
const fanOut = fanOutOf(deps.provider);

/** What an event source mapping is told: the messages to hand back; it deletes the others. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The ventilator's Lambda. */
export async function handler(
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<BatchResponse> {
  const deadlineAtMs = deps.clock.nowMs() + context.getRemainingTimeInMillis();
  const { queueName, messages } = parseSqsEvent(event);
  const batch = { messages, queue: queueNamed(queueName), deadlineAtMs, fanOut };
  const handedBack = await ventilate(batch, deps);
  return { batchItemFailures: handedBack.map((itemIdentifier) => ({ itemIdentifier })) };
}
