import { messageOf, SluiceError } from "@sluice/core/errors";
import { Interrupted } from "./interrupted.ts";

/** A call that AWS refused or did not answer. */
export class CallFailed extends SluiceError {
  /** AWS's name for it, such as `AccessDeniedException`. */
  readonly reason: string;

  constructor(action: string, thrown: unknown) {
    const reason = thrown instanceof Error ? thrown.name : "Error";
    super("call-failed", `${action}: ${reason}: ${oneLine(messageOf(thrown))}${adviceOn(action, reason)}`, {
      cause: thrown,
    });
    this.reason = reason;
  }
}

/**
 * Awaits a call.
 * @param action what it does in the words of IAM, such as `sqs:CreateQueue`: that is the permission which it needs
 * @throws CallFailed, and an Interrupted as it is
 */
export async function calling<T>(action: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    if (thrown instanceof CallFailed || thrown instanceof Interrupted) throw thrown;
    throw new CallFailed(action, thrown);
  }
}

/** Names for a refusal by IAM; which of them comes depends on the service. */
const DENIED = /^(AccessDenied|AccessDeniedException|AuthorizationError|UnauthorizedOperation)$/;

function adviceOn(action: string, reason: string): string {
  return DENIED.test(reason) ? ` (the credentials need ${action})` : "";
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
