import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { messageOf } from "@sluice/core/errors";
import type { Invocation } from "@sluice/core/ports";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import * as z from "zod";

/** Starts a function and waits for its end. It never starts one twice, and never throws. */
export interface LambdaInvoker {
  /** `request` is handed over as JSON; after `giveUpAfterMs` the invocation counts as lost. */
  invoke(request: unknown, giveUpAfterMs: number): Promise<Invocation>;
}

/** Long enough for TLS, short enough to notice a network that swallows packets. */
const CONNECTION_TIMEOUT_MS = 3_000;
/** Above any fan-out, so that no invocation waits for another's connection. */
const SOCKETS_MAX = 1_000;

/** Codes of connection errors after which it is certain that the request was never sent. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

const functionErrorSchema = z.object({ errorType: z.string(), errorMessage: z.string() }).partial();

/**
 * A client that never repeats an invocation: after a timeout or a reset the SDK would run the function a second time
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

/**
 * {@link LambdaInvoker} of one function.
 * @param client one that never repeats a call: {@link createInvokeOnceClient}
 * @param role the function's name in causes
 */
export function createLambdaInvoker(
  client: LambdaClient,
  functionName: string,
  role: "worker" | "ventilator",
): LambdaInvoker {
  return {
    async invoke(request, giveUpAfterMs) {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) });
      try {
        const answer = await client.send(command, { abortSignal: AbortSignal.timeout(giveUpAfterMs) });
        const text = answer.Payload?.transformToString() ?? "";
        if (answer.FunctionError === undefined) return { kind: "answered", payload: parseJson(text) };
        return { kind: "crashed", cause: `${role} crashed: ${functionErrorOf(text)}` };
      } catch (thrown) {
        return fateOf(thrown);
      }
    },
  };
}

/** The function's fate after an error: only a refusal by Lambda, or by the network, proves that it never started. */
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
  return `${errorType}: ${errorMessage}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
