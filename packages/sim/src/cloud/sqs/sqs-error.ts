/** The names of SQS's errors that the virtual SQS answers with, and the HTTP status of each. */
const STATUS = {
  BatchEntryIdsNotDistinct: 400,
  BatchRequestTooLong: 400,
  EmptyBatchRequest: 400,
  InvalidAction: 400,
  InvalidAttributeName: 400,
  InvalidAttributeValue: 400,
  InvalidBatchEntryId: 400,
  InvalidMessageContents: 400,
  InvalidParameterValue: 400,
  MessageNotInflight: 400,
  MissingParameter: 400,
  QueueDoesNotExist: 400,
  QueueNameExists: 400,
  ReceiptHandleIsInvalid: 404,
  TooManyEntriesInBatchRequest: 400,
} as const;

/**
 * The name of an error of SQS.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
export type SqsErrorName = keyof typeof STATUS;

/**
 * A refusal by SQS, in the shape of the SDK's errors, so that their own classes know it by its name. All of them are
 * the caller's fault.
 */
export class SqsError extends Error {
  override readonly name: SqsErrorName;
  readonly $fault = "client";
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(name: SqsErrorName, message: string) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode: STATUS[name] };
  }
}

/** The refusal of a parameter's value. */
export function invalidParameter(parameter: string, value: unknown, reason: string): SqsError {
  return new SqsError(
    "InvalidParameterValue",
    `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}.`,
  );
}
