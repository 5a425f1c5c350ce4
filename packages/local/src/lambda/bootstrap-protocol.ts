/** The settings that an execution environment gets when it starts. */
export interface BootSettings {
  readonly bundlePath: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** One call of the handler. */
export interface CallRequest {
  readonly requestId: string;
  /** The event, as JSON text. */
  readonly payload: string;
  /** The instant at which the call will be timed out. */
  readonly deadlineAtMs: number;
}

/**
 * A message of the bootstrap in an execution environment: first `ready` or `init-failed`, then one for each call. After
 * `crashed`, an error past the handler's promise, the environment ends by itself. Payloads are JSON text.
 */
export type BootstrapMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "init-failed"; readonly payload: string }
  | { readonly kind: "answered"; readonly payload: string }
  | { readonly kind: "threw"; readonly payload: string }
  | { readonly kind: "crashed"; readonly payload: string };
