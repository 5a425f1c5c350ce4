import { messageOf } from "@sluice/core/errors";
import { providerDay } from "@sluice/core/provider";
import { fanOutOf } from "@sluice/core/valve";
import { ventilate } from "@sluice/core/ventilator";
import { keepWithinMemory } from "./keep-within-memory.ts";
import { parseSqsEvent } from "./sqs-event.ts";
import { wire } from "./wiring.ts";

const { mode, deps, laneNamed } = wire("ventilator");
const fanOut = fanOutOf(deps.provider);
// The first look at a time zone takes 20 ms of a whole CPU, which a function has only while it starts.
providerDay(deps.provider.timeZone, deps.clock.nowMs());

/** The answer to an event source mapping: it leaves the named messages in the queue, and deletes the others. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The ventilator's Lambda. */
export async function handler(
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<BatchResponse> {
  keepWithinMemory(deps.provider.ventilator.memoryMb);
  const deadlineAtMs = deps.clock.nowMs() + context.getRemainingTimeInMillis();
  const { queueName, messages } = parseSqsEvent(event);
  if (mode === "attended") await openGate();
  const lane = laneNamed(queueName);
  const batch = { messages, queue: deps.queues[lane], deadlineAtMs, fanOut, isUrgent: lane === "express" };
  const handedBack = await ventilate(batch, deps);
  return { batchItemFailures: handedBack.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** No waker heals an attended deployment: where the breaker once governed, it may have left the gate shut. */
async function openGate(): Promise<void> {
  try {
    await deps.breaker.look();
  } catch (thrown) {
    deps.log.warn("the breaker could not look before the batch", { cause: messageOf(thrown) });
  }
}
