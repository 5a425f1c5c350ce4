import { createInvokeOnceClient, createLambdaInvoker } from "@sluice/aws/lambda-invoker";
import { createLambdaValve, createValveClient } from "@sluice/aws/lambda-valve";
import { createPowertoolsLog } from "@sluice/aws/powertools-log";
import { messageOf } from "@sluice/core/errors";
import { relayEnvironment } from "./function-environment.ts";
import { parseRelayedBatch, readVentilatorReply } from "./relayed-batch.ts";
import type { BatchResponse } from "./ventilator.ts";

const { ventilatorName, functionName } = relayEnvironment();
const log = createPowertoolsLog("relay", { ventilatorName });
const ventilator = createLambdaInvoker(createInvokeOnceClient(), ventilatorName, "ventilator");
const valveClient = createValveClient();

/** Waiting for the ventilator ends this long before the relay's own time does, so that the relay still answers. */
const ANSWER_MS = 1_000;

/**
 * The relay's Lambda. While a developer is attached it stands between the queues and a ventilator that may be a stub,
 * whose answer an event source mapping would take for success. Anything but the ventilator's own answer hands all
 * messages back; a foreign answer, which a stub gives when no developer is attached any more, also shuts the mapping.
 */
export async function handler(
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<BatchResponse> {
  const { messageIds, queueArn } = parseRelayedBatch(event);
  const giveUpAfterMs = Math.max(0, context.getRemainingTimeInMillis() - ANSWER_MS);
  const reply = readVentilatorReply(await ventilator.invoke(event, giveUpAfterMs), messageIds);
  if (reply.kind === "own") return reply.response;
  log.warn("messages are handed back", { queueArn, messages: messageIds.length, cause: reply.cause });
  if (reply.kind === "foreign") await shut(queueArn);
  return { batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Orders the mapping to be disabled. A failure is only logged: the next batch brings another try. */
async function shut(queueArn: string): Promise<void> {
  try {
    const valve = createLambdaValve(valveClient, { functionName, queueArn });
    const { kind } = await valve.update({ isEnabled: false });
    log.warn("nobody is attached: the mapping is to be shut", { queueArn, update: kind });
  } catch (thrown) {
    log.error("the mapping could not be shut", { queueArn, cause: messageOf(thrown) });
  }
}
