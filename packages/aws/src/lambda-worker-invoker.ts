import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { messageOf } from "@sluice/core/errors";
import type { Invocation, WorkerInvoker } from "@sluice/core/ports/worker-invoker";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import * as z from "zod";

/** Long enough for TLS, short enough to notice a network that swallows packets. */
const CONNECTION_TIMEOUT_MS = 3_000;
/** Above any fan-out, so that no invocation waits for another's connection. */
const SOCKETS_MAX = 1_000;

/** Connection errors after which it is certain that the request was never sent. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

const functionErrorSchema = z.object({ errorType: z.string(), errorMessage: z.string() }).partial();

/**
 * A client that never repeats an invocation: after a timeout or a reset the SDK would run the worker a second time
 * while the first still runs. https://repost.aws/knowledge-center/lambda-function-duplicate-invocations
 */
export function createInvokeOnceClient(): LambdaClient {
  return new LambdaClient({
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
    }),
  });
}

/** {@link WorkerInvoker} on Lambda. `client` must be one that never repeats: {@link createInvokeOnceClient}. */
export function createLambdaWorkerInvoker(client: LambdaClient, functionName: string): WorkerInvoker {
  return {
    async invoke(request, giveUpAfterMs) {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) });
      try {
        const answer = await client.send(command, { abortSignal: AbortSignal.timeout(giveUpAfterMs) });
        const text = answer.Payload?.transformToString() ?? "";
        if (answer.FunctionError === undefined) return { kind: "answered", payload: parseJson(text) };
        return { kind: "crashed", cause: functionErrorOf(text) };
      } catch (thrown) {
        return fateOf(thrown);
      }
    },
  };
}

/** What an error says about the worker: only a refusal by Lambda, or by the network, proves that it never started. */
function fateOf(thrown: unknown): Invocation {
  const cause = `${thrown instanceof Error ? thrown.name : "error"}: ${messageOf(thrown)}`;
  const { $metadata, code } = Object(thrown) as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const status = $metadata?.httpStatusCode ?? 0;
  const isRefused = (status >= 400 && status < 500) || NEVER_SENT.test(String(code));
  return { kind: isRefused ? "refused" : "lost", cause };
}

function functionErrorOf(text: string): string {
  const error = functionErrorSchema.safeParse(parseJson(text));
  const { errorType = "Unhandled", errorMessage = text } = error.success ? error.data : {};
  return `worker crashed: ${errorType}: ${errorMessage}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
