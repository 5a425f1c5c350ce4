import { Unreachable } from "@sluice/core/errors";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import { misconfigurationOf } from "./client-misconfigured.ts";

/** The SDK's error for an answer whose digest is not that of what was sent or received. */
const WRONG_DIGEST = /^Invalid MD5 checksum/;

/**
 * Awaits a call to SQS.
 * @throws Unreachable if SQS did not answer, is in trouble, throttles, or gave an answer that is not for this call;
 * ClientMisconfigured if the client can't work as it is set up; every other error as it is
 */
export async function reachSqs<T>(call: Promise<T>): Promise<T> {
  try {
    return await orUnreachable("SQS", call);
  } catch (thrown) {
    if (thrown instanceof Error && WRONG_DIGEST.test(thrown.message)) throw new Unreachable("SQS", thrown);
    throw misconfigurationOf(thrown) ?? thrown;
  }
}
