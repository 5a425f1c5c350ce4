import { SYNC_PAYLOAD_MAX_BYTES } from "@sluice/core/aws-bounds";
import type { CallEnd } from "./execution-environment.ts";

/** The end of an invocation. `function-error`: the function ran, or began to, and the payload tells what went wrong. */
export type InvokeResult =
  | { readonly kind: "answered"; readonly requestId: string; readonly payload: string }
  | { readonly kind: "function-error"; readonly requestId: string; readonly payload: string }
  | { readonly kind: "throttled" }
  | { readonly kind: "request-too-large" }
  | { readonly kind: "function-missing" };

/** The end of a call as the function's caller sees it. */
export function resultOf(requestId: string, end: CallEnd): InvokeResult {
  switch (end.kind) {
    case "answered":
      if (!isTooLarge(end.payload, SYNC_PAYLOAD_MAX_BYTES)) {
        return { kind: "answered", requestId, payload: end.payload };
      }
      return functionError(
        requestId,
        "Function.ResponseSizeTooLarge",
        `Response payload size exceeded maximum allowed payload size (${SYNC_PAYLOAD_MAX_BYTES} bytes).`,
      );
    case "threw":
    case "crashed":
    case "init-failed":
      return { kind: "function-error", requestId, payload: end.payload };
    case "timed-out":
      return functionError(
        requestId,
        "Sandbox.Timedout",
        `RequestId: ${requestId} Error: Task timed out after ${(end.afterMs / 1_000).toFixed(2)} seconds`,
      );
    case "exited":
      return functionError(requestId, "Runtime.ExitError", `RequestId: ${requestId} Error: ${end.reason}`);
  }
}

/** True if a payload is longer than Lambda lets through. */
export function isTooLarge(payload: string, maxBytes: number): boolean {
  return Buffer.byteLength(payload) > maxBytes;
}

function functionError(requestId: string, errorType: string, errorMessage: string): InvokeResult {
  return { kind: "function-error", requestId, payload: JSON.stringify({ errorType, errorMessage }) };
}
