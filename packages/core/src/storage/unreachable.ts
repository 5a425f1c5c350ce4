import { Unreachable } from "../errors.ts";
import { isTransient, isUndone } from "./transient-errors.ts";

export { isTransientName } from "./transient-errors.ts";

/**
 * Awaits a call to an AWS service.
 * @throws Unreachable if the service did not answer, is in trouble or throttles: a later call may succeed; every
 * other error as it is, because waiting would not help
 */
export async function orUnreachable<T>(service: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    const root = rootOf(thrown);
    throw isTransient(root) ? new Unreachable(service, root, { isUndone: isUndone(root) }) : thrown;
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
