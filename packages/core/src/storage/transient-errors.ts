/**
 * The errors of AWS whose status says too little, by the names that the AWS SDK for JavaScript v3 gives them: true if a
 * later call may succeed. Those of other names go by their status. The SDK's own list:
 * https://github.com/smithy-lang/smithy-typescript/tree/main/packages/core/src/submodules/retry/service-error-classification
 */
const IS_TRANSIENT: ReadonlyMap<string, boolean> = new Map([
  // More is asked of a table, a key, a queue, a role or an account than it grants: it grants more later.
  ...named(true, [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "LimitExceededException",
    "BandwidthLimitExceeded",
    "SlowDown",
    "EC2ThrottledException",
  ]),
  // SQS has as many messages in flight as it allows: some come back, or are deleted.
  ...named(true, ["OverLimit"]),
  // The key service throttles SQS, which says so by two names.
  ...named(true, ["KmsThrottled", "KMS.ThrottlingException"]),
  // Another request works on the same item or function: it ends.
  ...named(true, [
    "TransactionInProgressException",
    "TransactionConflictException",
    "ReplicatedWriteConflictException",
    "PriorRequestNotComplete",
    "ResourceConflictException",
  ]),
  // The service itself is in trouble; it says so by many names, not always with a status of its own.
  ...named(true, [
    "InternalServerError",
    "InternalError",
    "InternalFailure",
    "InternalServiceError",
    "ServiceException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "ServiceUnavailableError",
  ]),
  // No answer in time, neither from the service nor to it.
  ...named(true, ["TimeoutError", "RequestTimeout", "RequestTimeoutException", "RequestAbortedException"]),
  // Credentials rotate, and clocks are set right: the next call is signed anew, by the SDK's corrected time.
  ...named(true, [
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
  ]),
  // The caller gave up itself: trying again would ignore it.
  ...named(false, ["AbortError"]),
  // Somebody has to give credentials, a permission or a key first, whatever the words of the message.
  ...named(false, [
    "CredentialsProviderError",
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "AccessDenied",
    "AccessDeniedException",
    "KmsAccessDenied",
    "KmsDisabled",
    "KmsInvalidKeyUsage",
    "KmsInvalidState",
    "KmsNotFound",
    "KmsOptInRequired",
  ]),
  // The request itself is refused, and would be again.
  ...named(false, [
    "ConditionalCheckFailedException",
    "ItemCollectionSizeLimitExceededException",
    "QueueDoesNotExist",
    "ReceiptHandleIsInvalid",
    "MessageNotInflight",
    "ResourceNotFoundException",
    "TransactionCanceledException",
    "ValidationException",
  ]),
]);

/** Codes of Node for connections that could not be made, broke off, or found no name server. */
const CONNECTION_CODE = /^(E(CONN|PIPE|HOST|NET|AI_|TIMEDOUT|NOTFOUND|ADDRNOTAVAIL)|UND_ERR)/;

/**
 * True if a call, or the entry of a batch, that was refused with an error of this name may succeed later; undefined for
 * a name that tells too little.
 */
export function isTransientName(name: string): boolean | undefined {
  return IS_TRANSIENT.get(name);
}

/**
 * True if a later call may succeed, by the shape that every error of the AWS SDK for JavaScript v3 has, so that core
 * needs no SDK.
 */
export function isTransient(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { $metadata, $retryable, code } = thrown as SdkError;
  const known = isTransientName(thrown.name);
  if (known !== undefined) return known;
  if ($retryable !== undefined) return true;
  const status = $metadata?.httpStatusCode;
  // With a success for its status the answer itself could not be read: it broke off, or something else gave it.
  if (status !== undefined) return status >= 500 || status === 429 || status < 300;
  return CONNECTION_CODE.test(String(code)) || /socket|connect|network/i.test(thrown.message);
}

/** Names of refusals for want of room: the service looks at its limits before it does anything. */
const THROTTLED = /Throttl|Throughput|^RequestLimit|^TooManyRequests/;
/** Codes of Node for a service that was never reached. */
const NEVER_REACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** True for an error after which the call surely has not been carried out, and will not be. */
export function isUndone(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return THROTTLED.test(thrown.name) || NEVER_REACHED.has(String((thrown as SdkError).code));
}

/** The part of the SDK's errors that tells their kind. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: object;
  readonly code?: unknown;
}

function named(isTransient: boolean, names: readonly string[]): (readonly [name: string, boolean])[] {
  return names.map((name) => [name, isTransient]);
}
