import { NodeHttpHandler } from "@smithy/node-http-handler";
import { keptAlive } from "./kept-alive.ts";

/** Long enough for TLS, short enough to notice a network that swallows packets. */
const CONNECTION_TIMEOUT_MS = 2_000;
/** Far beyond the time that DynamoDB and SQS take for one request. */
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * A connection handler for calls that may be repeated: one that has no whole answer after three seconds is given up, and
 * the client tries again. Left alone, the SDK waits for minutes, and for the rest of a body for ever; a Lambda would end
 * meanwhile.
 */
export function createAnswerHandler(): NodeHttpHandler {
  return new AnswerHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: ANSWER_TIMEOUT_MS,
    throwOnRequestTimeout: true,
    httpAgent: keptAlive(),
    httpsAgent: keptAlive(),
  });
}

type Handle = NodeHttpHandler["handle"];

/** The SDK's time-out ends with an answer's headers; here it holds for the body as well. */
class AnswerHandler extends NodeHttpHandler {
  override async handle(...call: Parameters<Handle>): ReturnType<Handle> {
    const untilMs = performance.now() + ANSWER_TIMEOUT_MS;
    const answer = await super.handle(...call);
    destroyAfter(answer.response.body, untilMs - performance.now());
    return answer;
  }
}

/** A body as Node's HTTP client gives it. */
interface Body {
  destroy(error: Error): void;
  once(event: "close", listen: () => void): void;
}

function destroyAfter(body: Body, durationMs: number): void {
  const timer = setTimeout(() => body.destroy(timeoutError()), durationMs);
  // A body that has ended already never closes again.
  timer.unref();
  body.once("close", () => clearTimeout(timer));
}

/** By this name the SDK repeats a call. */
function timeoutError(): Error {
  const error = new Error(`The answer was not complete after ${ANSWER_TIMEOUT_MS} ms`);
  return Object.assign(error, { name: "TimeoutError" });
}
