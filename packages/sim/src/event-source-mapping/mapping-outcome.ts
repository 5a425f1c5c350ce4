/** The answer to a control-plane call: what it made, or AWS's name for the refusal and its text. */
export type MappingOutcome<T> = { readonly kind: "done"; readonly value: T } | MappingRefusal;

/** A refused control-plane call. */
export interface MappingRefusal {
  readonly kind: "refused";
  readonly error: MappingErrorName;
  readonly message: string;
}

/** The errors of AWS's event source mapping calls that this model knows. */
export type MappingErrorName =
  | "InvalidParameterValueException"
  | "ResourceConflictException"
  | "ResourceInUseException"
  | "ResourceNotFoundException"
  | "TooManyRequestsException"
  | "ValidationException";

/** A call that was carried out. */
export function done<T>(value: T): MappingOutcome<T> {
  return { kind: "done", value };
}

/** A call that was refused. */
export function refused(error: MappingErrorName, message: string): MappingRefusal {
  return { kind: "refused", error, message };
}
