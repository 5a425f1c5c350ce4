/**
 * An error in the shape in which the AWS SDK for JavaScript v3 throws what a service answers, or what a socket does.
 */
export interface SdkError extends Error {
  readonly $fault?: "client" | "server";
  readonly $metadata: { readonly httpStatusCode?: number; attempts?: number };
  /** Of a connection's errors only. */
  readonly code?: string;
}

/** A service's refusal, by its name and HTTP status. */
export interface ServiceRefusal {
  readonly name: string;
  readonly status: number;
  readonly message?: string;
}

/** Makes the error that the SDK throws for a service's refusal. */
export function serviceError({ name, status, message = "" }: ServiceRefusal): SdkError {
  return Object.assign(new Error(message), {
    name,
    $fault: status >= 500 ? ("server" as const) : ("client" as const),
    $metadata: { httpStatusCode: status },
  });
}

/** Makes the error of a connection, such as `ECONNRESET`; it has no status, because nothing was answered. */
export function connectionError(code: string): SdkError {
  return Object.assign(new Error(code === "ECONNRESET" ? "socket hang up" : code), { code, $metadata: {} });
}

/** Makes the error of a request that got no answer in the client's time. */
export function timeoutError(): SdkError {
  return Object.assign(new Error("Connection timed out"), {
    name: "TimeoutError",
    code: "ETIMEDOUT",
    $metadata: {},
  });
}

/** Makes the error of a request whose caller has aborted it. */
export function abortError(): SdkError {
  return Object.assign(new Error("Request aborted"), { name: "AbortError", $metadata: {} });
}

/** Names after which the SDK waits longer before it repeats: @smithy/service-error-classification, constants.ts. */
const THROTTLING_NAMES: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);
const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  "TimeoutError",
  "RequestTimeout",
  "RequestTimeoutException",
]);
const TRANSIENT_CODES: ReadonlySet<string> = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT"]);
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** True for an error that makes the SDK wait as for a throttled call. */
export function isThrottling({ name, $metadata }: SdkError): boolean {
  return $metadata.httpStatusCode === 429 || THROTTLING_NAMES.has(name);
}

/** True for an error after which the SDK repeats the request by itself; from the same source. */
export function isRepeatedBySdk(error: SdkError): boolean {
  const { name, code = "", $metadata } = error;
  if (isThrottling(error) || TRANSIENT_NAMES.has(name) || TRANSIENT_CODES.has(code)) return true;
  return TRANSIENT_STATUSES.has($metadata.httpStatusCode ?? 0);
}
