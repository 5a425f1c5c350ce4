import { ASYNC_PAYLOAD_MAX_BYTES, SYNC_PAYLOAD_MAX_BYTES } from "@sluice/core/aws-bounds";
import { type Context, Hono } from "hono";
import * as z from "zod";
import { functionNameOf } from "../account.ts";
import { type InvokeResult, isTooLarge } from "../invoke-result.ts";
import type { Lambda } from "../lambda.ts";
import { awsError, inputInvalid } from "./aws-error.ts";

const invocationTypeSchema = z.enum(["RequestResponse", "Event"]).default("RequestResponse");

/**
 * The Invoke call. An asynchronous one is tried once; AWS tries it up to three times.
 * A caller that hangs up does not end the call, as in AWS.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function invokeRoutes(lambda: Lambda): Hono {
  const app = new Hono();
  app.post("/2015-03-31/functions/:name/invocations", async (context) => {
    const type = invocationTypeSchema.safeParse(context.req.header("x-amz-invocation-type"));
    if (!type.success) return inputInvalid(context, type.error);
    const name = functionNameOf(context.req.param("name"));
    const body = await context.req.text();
    const payload = body === "" ? "{}" : body;
    return (
      refusalOf(context, lambda, name, type.data, payload) ??
      invoke(context, lambda, name, type.data, payload)
    );
  });
  return app;
}

type InvocationType = z.infer<typeof invocationTypeSchema>;

/** The answer to a call that is refused before the function runs; undefined if it may run. */
function refusalOf(
  context: Context,
  lambda: Lambda,
  name: string,
  type: InvocationType,
  payload: string,
): Response | undefined {
  if (lambda.find(name) === undefined) return functionMissing(context, name);
  const maxBytes = type === "Event" ? ASYNC_PAYLOAD_MAX_BYTES : SYNC_PAYLOAD_MAX_BYTES;
  if (isTooLarge(payload, maxBytes)) return requestTooLarge(context, maxBytes);
  if (!isJson(payload)) {
    return awsError(context, "InvalidRequestContentException", "Could not parse request body into json");
  }
  return undefined;
}

async function invoke(
  context: Context,
  lambda: Lambda,
  name: string,
  type: InvocationType,
  payload: string,
): Promise<Response> {
  const result = lambda.invoke(name, payload);
  if (type === "Event") return context.body(null, 202);
  return respond(context, name, await result);
}

function respond(context: Context, name: string, result: InvokeResult): Response {
  switch (result.kind) {
    case "answered":
      return context.body(result.payload, 200, headersOf(result.requestId));
    case "function-error":
      return context.body(result.payload, 200, {
        ...headersOf(result.requestId),
        "X-Amz-Function-Error": "Unhandled",
      });
    case "throttled":
      return awsError(context, "TooManyRequestsException", "Rate Exceeded.", {
        Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      });
    case "request-too-large":
      return requestTooLarge(context, SYNC_PAYLOAD_MAX_BYTES);
    case "function-missing":
      return functionMissing(context, name);
  }
}

function headersOf(requestId: string): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "X-Amz-Executed-Version": "$LATEST",
    "x-amzn-RequestId": requestId,
  };
}

function functionMissing(context: Context, name: string): Response {
  return awsError(context, "ResourceNotFoundException", `Function not found: ${name}`);
}

function requestTooLarge(context: Context, maxBytes: number): Response {
  return awsError(
    context,
    "RequestTooLargeException",
    `Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`,
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
