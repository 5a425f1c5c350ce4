import { NodeHttpHandler } from "@smithy/node-http-handler";

/** Long enough for TLS, short enough to notice a network that swallows packets. */
const CONNECTION_TIMEOUT_MS = 2_000;
/** Far beyond the time that DynamoDB and SQS take for one request. */
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * A connection handler for calls that may be repeated: one that gets no answer is given up after three seconds, and
 * the client tries again. Left alone, the SDK waits for minutes, and a Lambda would end meanwhile.
 */
export function createAnswerHandler(): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: ANSWER_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  });
}
