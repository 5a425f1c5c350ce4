import { messageOf, Unreachable } from "../errors.ts";

/**
 * Awaits a call to an AWS service.
 * @throws Unreachable if the service did not answer, answered 5xx or throttled: a later call may succeed;
 * every other error as it is, because waiting would not help
 */
export async function orUnreachable<T>(service: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    throw isTransient(rootOf(thrown)) ? new Unreachable(service, rootOf(thrown)) : thrown;
  }
}

/**
 * Awaits a request to DynamoDB, like {@link orUnreachable}.
 * @throws Unreachable if DynamoDB can't be had now
 */
export function reachDynamoDb<T>(request: Promise<T>): Promise<T> {
  return orUnreachable("DynamoDB", request);
}

/** The error of the SDK, which ElectroDB wraps in one of its own. */
function rootOf(thrown: unknown): unknown {
  return thrown instanceof Error && thrown.name === "ElectroError" && thrown.cause ? thrown.cause : thrown;
}

/**
 * True if a later call may succeed, by the shape that every error of the AWS SDK for JavaScript v3 has, so
 * that core needs no SDK.
 */
function isTransient(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (/thrott|TooManyRequests|LimitExceeded|RequestTimeout|TimeoutError/i.test(thrown.name)) return true;
  const { $metadata } = thrown as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500 || status === 429;
  return hasConnectionCode(thrown) || /socket|connect|network/i.test(messageOf(thrown));
}

function hasConnectionCode(thrown: Error): boolean {
  const code = "code" in thrown ? String(thrown.code) : "";
  return /^(E(CONN|PIPE|HOST|NET|AI_)|ETIMEDOUT|UND_ERR)/.test(code);
}
