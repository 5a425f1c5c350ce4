import { messageOf } from "@sluice/core/errors";
import type { Invocation } from "@sluice/core/ports";

/*
 * The errors of the Invoke call: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors. One
 * with a 4xx status refuses the call, and those 5xx below tell that Lambda could not set the function up.
 * ServiceException, and whatever else has a 5xx status, says nothing of whether the function runs.
 */

/** Errors with a 5xx status after which it is certain that the function never started. */
const SETUP_FAILED: ReadonlySet<string> = new Set([
  "EC2AccessDeniedException",
  "EC2ThrottledException",
  "EC2UnexpectedException",
  "ENILimitReachedException",
  "ENINotReadyException",
  "InvalidRuntimeException",
  "InvalidSecurityGroupIDException",
  "InvalidSubnetIDException",
  "InvalidZipFileException",
  "KMSAccessDeniedException",
  "KMSDisabledException",
  "KMSInvalidStateException",
  "KMSNotFoundException",
  "ResourceNotReadyException",
  "SubnetIPAddressLimitReachedException",
]);

/** Errors with a 4xx status that a function which has started may bring, too. */
const MAY_HAVE_STARTED: ReadonlySet<string> = new Set([
  "DurableExecutionAlreadyStartedException",
  "EFSIOException",
]);

/**
 * Status of a server, or of a proxy before it, that gave up waiting, and of Lambda when it could not mount or
 * restore.
 */
const REQUEST_TIMEOUT = 408;
const NOT_MOUNTED = /Mount|SnapStart/;

/** Codes of connection errors after which it is certain that the request was never sent. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/**
 * The function's fate after the Invoke call has failed: only a refusal by Lambda, or by the network, proves that it
 * never started.
 */
export function fateOf(thrown: unknown): Extract<Invocation, { kind: "refused" | "lost" }> {
  return { kind: isRefusal(thrown) ? "refused" : "lost", cause: causeOf(thrown) };
}

function isRefusal(thrown: unknown): boolean {
  const { name, $metadata, code } = Object(thrown) as Failure;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status >= 500) return SETUP_FAILED.has(String(name));
  if (status === REQUEST_TIMEOUT) return NOT_MOUNTED.test(String(name));
  if (status >= 400) return !MAY_HAVE_STARTED.has(String(name));
  // Without credentials nothing can be signed, and nothing is sent.
  return NEVER_SENT.test(String(code)) || name === "CredentialsProviderError";
}

interface Failure {
  readonly name?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly code?: unknown;
  readonly Reason?: unknown;
}

function causeOf(thrown: unknown): string {
  const name = thrown instanceof Error ? thrown.name : "error";
  // Which of Lambda's limits it was.
  const { Reason: reason } = Object(thrown) as Failure;
  return `${name}: ${messageOf(thrown)}${typeof reason === "string" ? ` (${reason})` : ""}`;
}
