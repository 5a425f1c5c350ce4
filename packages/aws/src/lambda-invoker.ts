import { InvokeCommand, LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";
import type { AbortAfter, Invocation } from "@sluice/core/ports";
import { missedAtMs, WORKER_CRASHED } from "@sluice/core/worker";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import * as z from "zod";
import { isBeforeJob } from "./function-errors.ts";
import { fateOf } from "./invoke-refusals.ts";
import { keptAlive } from "./kept-alive.ts";
import { systemAbortAfter } from "./system-abort-after.ts";

/** Starts a function and waits for its end. It never starts one twice, and never throws. */
export interface LambdaInvoker {
  /** `request` is handed over as JSON; after `giveUpAfterMs` the invocation counts as lost. */
  invoke(request: unknown, giveUpAfterMs: number): Promise<Invocation>;
}

/** Long enough for TLS, short enough to notice a network that swallows packets. */
const CONNECTION_TIMEOUT_MS = 3_000;
/** Above any fan-out, so that no invocation waits for another's connection. */
const SOCKETS_MAX = 1_000;

const functionErrorSchema = z.object({ errorType: z.string(), errorMessage: z.string() }).partial();

/**
 * A client that never repeats an invocation: after a timeout or a reset the SDK would run the function a second time
 * while the first still runs. Region, credentials and endpoint are the environment's unless others are given.
 * https://repost.aws/knowledge-center/lambda-function-duplicate-invocations
 */
export function createInvokeOnceClient(
  settings: Pick<LambdaClientConfig, "region" | "credentials" | "endpoint"> = {},
): LambdaClient {
  return new LambdaClient({
    ...settings,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      httpAgent: { ...keptAlive(), maxSockets: SOCKETS_MAX },
      httpsAgent: { ...keptAlive(), maxSockets: SOCKETS_MAX },
    }),
  });
}

/**
 * {@link LambdaInvoker} of one function.
 * @param client one that never repeats a call: {@link createInvokeOnceClient}
 * @param role the function's name in causes; only a worker's errors tell whether it began
 * @param abortAfter makes the signal that ends the wait
 */
export function createLambdaInvoker(
  client: LambdaClient,
  functionName: string,
  role: "worker" | "ventilator",
  abortAfter: AbortAfter = systemAbortAfter,
): LambdaInvoker {
  return {
    async invoke(request, giveUpAfterMs) {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) });
      try {
        const answer = await client.send(command, { abortSignal: abortAfter(giveUpAfterMs) });
        const text = answer.Payload?.transformToString() ?? "";
        if (answer.FunctionError === undefined) return { kind: "answered", payload: parseJson(text) };
        return functionErrorOf(text, role);
      } catch (thrown) {
        return fateOf(thrown);
      }
    },
  };
}

function functionErrorOf(text: string, role: "worker" | "ventilator"): Invocation {
  const error = functionErrorSchema.safeParse(parseJson(text));
  const { errorType = "Unhandled", errorMessage = text } = error.success ? error.data : {};
  // The message of a crash has the bug's own name.
  const what = errorType === WORKER_CRASHED ? errorMessage : `${errorType}: ${errorMessage}`;
  const workerReadMs = role === "worker" ? missedAtMs(errorType, errorMessage) : undefined;
  if (workerReadMs !== undefined)
    return { kind: "missed", cause: `${role} could not begin: ${what}`, workerReadMs };
  return role === "worker" && isBeforeJob(errorType)
    ? { kind: "refused", cause: `${role} could not begin: ${what}` }
    : { kind: "crashed", cause: `${role} crashed: ${what}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
