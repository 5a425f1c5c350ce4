import { Unreachable } from "@sluice/core/errors";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import { misconfigurationOf } from "./client-misconfigured.ts";
import { isOfTheQueue, QueueRefuses } from "./queue-refuses.ts";

/** The SDK's error for an answer whose digest is not that of what was sent or received. */
const WRONG_DIGEST = /^Invalid MD5 checksum/;

/**
 * Awaits a call to SQS.
 * @throws Unreachable if SQS did not answer, is in trouble, throttles, or gave an answer that is not for this call;
 * ClientMisconfigured if the client can't work as it is set up; QueueRefuses if the queue's key or the caller is refused;
 * every other error as it is
 */
export async function reachSqs<T>(call: Promise<T>): Promise<T> {
  try {
    return await orUnreachable("SQS", call);
  } catch (thrown) {
    throw thrown instanceof Error ? explained(thrown) : thrown;
  }
}

function explained(error: Error): Error {
  if (WRONG_DIGEST.test(error.message)) return new Unreachable("SQS", error);
  if (isOfTheQueue(error.name)) return new QueueRefuses(`${error.name}: ${error.message}`, { cause: error });
  return misconfigurationOf(error) ?? error;
}
