import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createAnswerHandler } from "./answer-handler.ts";

/** A client with the environment's region, credentials and endpoint; it repeats what fails or does not answer for now. */
export function createEventBridgeClient(): EventBridgeClient {
  return new EventBridgeClient({ requestHandler: createAnswerHandler() });
}
