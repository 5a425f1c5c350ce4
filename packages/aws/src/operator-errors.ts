import { messageOf } from "@sluice/core/errors";
import { ClientMisconfigured, credentialsRefused, misconfigurationOf } from "./client-misconfigured.ts";

/** Names for a refusal by IAM; which of them comes depends on the service. */
const DENIED =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException|UnauthorizedOperation)$/;
/** Names for credentials whose time is over. */
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/;

/**
 * An error of the SDK in words for an operator at his own machine, where it is his credentials or his settings that stand in
 * the way; any other error as it is.
 */
export function asOperatorError(thrown: unknown): unknown {
  const root = rootOf(thrown);
  if (!(root instanceof Error)) return thrown;
  if (isDenied(root)) {
    const message = `AWS does not let these credentials do that: ${oneLine(root)}`;
    return new ClientMisconfigured(message, { cause: thrown });
  }
  if (EXPIRED.test(root.name)) {
    const message = credentialsRefused(`${root.name}: ${oneLine(root)}`, {});
    return new ClientMisconfigured(message, { cause: thrown });
  }
  return misconfigurationOf(root) ?? thrown;
}

/** True for a refusal by IAM. */
export function isDenied(thrown: unknown): boolean {
  return thrown instanceof Error && DENIED.test(thrown.name);
}

/** The error of the SDK, which the table's library wraps in one of its own. */
export function rootOf(thrown: unknown): unknown {
  const isWrapped =
    thrown instanceof Error && thrown.name === "ElectroError" && thrown.cause instanceof Error;
  return isWrapped ? thrown.cause : thrown;
}

function oneLine(error: Error): string {
  return messageOf(error).replaceAll(/\s+/g, " ").replace(/\.$/, "");
}
