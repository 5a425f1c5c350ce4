import type { SqsEvent } from "./sqs-event.ts";

/** Runs the mapping's function once. It never rejects. */
export type InvokeFunction = (event: SqsEvent) => Promise<MappingInvocation>;

/**
 * The end of an invocation: `answered` with the handler's answer as JSON text, `function-error` when the handler threw,
 * timed out or crashed, `throttled` when it never started for lack of concurrency.
 */
export type MappingInvocation =
  | { readonly kind: "answered"; readonly payload: string }
  | { readonly kind: "function-error" }
  | { readonly kind: "throttled" };
