/** Stable codes of {@link SluiceError}; docs/errors.md explains each of them. */
export type SluiceErrorCode =
  | "provider-invalid"
  | "provider-unknown"
  | "name-invalid"
  | "stage-invalid"
  | "client-misconfigured"
  | "queue-missing"
  | "deployment-missing"
  | "cloud-ambiguous"
  | "queue-refuses"
  | "unreachable"
  | "stored-row-invalid"
  | "enqueue-interrupted"
  | "run-refused"
  | "run-unknown"
  | "contract-unknown"
  | "order-refused"
  | "not-confirmed"
  | "input-invalid"
  | "environment-invalid"
  | "handler-invalid"
  | "environment-file-invalid"
  | "deploy-refused"
  | "account-refused"
  | "call-failed";

/** Root of all errors that Sluice throws on purpose; anything else that is thrown is a bug. */
export class SluiceError extends Error {
  readonly code: SluiceErrorCode;

  constructor(code: SluiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * Error of a service that did not answer, or answered that it can't now (5xx, throttled): the same call may
 * succeed later. Adapters throw it so that use-cases can tell "wait and try again" from "this will never
 * work".
 */
export class Unreachable extends SluiceError {
  /** The service said that it has done nothing, or was never reached. Else the call may have been carried out, or will be. */
  readonly isUndone: boolean;

  constructor(service: string, cause: unknown, { isUndone = false }: { readonly isUndone?: boolean } = {}) {
    super("unreachable", `${service} is unreachable: ${messageOf(cause)}`, { cause });
    this.isUndone = isUndone;
  }
}

/** Error of a stored row that does not have the shape that this version writes. */
export class StoredRowInvalid extends SluiceError {
  constructor(row: string, what: string) {
    super("stored-row-invalid", `Stored row ${row} is not one of ours: ${what}`);
  }
}

/** The text of anything thrown, for logs and causes. Connection errors often have theirs only in the code. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.message !== "") return thrown.message;
  return "code" in thrown ? String(thrown.code) : thrown.name;
}
