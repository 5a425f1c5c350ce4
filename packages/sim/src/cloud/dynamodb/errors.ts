/** Error that the service answers with, in the shape that the AWS SDK for JavaScript v3 gives it. */
export class DynamoDbError extends Error {
  readonly $fault: "client" | "server";
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(name: string, message: string, httpStatusCode = 400) {
    super(message);
    this.name = name;
    this.$fault = httpStatusCode < 500 ? "client" : "server";
    this.$metadata = { httpStatusCode };
  }
}

/** The error of a request that DynamoDB refuses as such. */
export function invalid(message: string): DynamoDbError {
  return new DynamoDbError("ValidationException", message);
}

/**
 * Error of a request that the virtual table does not understand, whether or not DynamoDB would: it never guesses. It
 * has none of the marks by which callers tell an error of the service's, so that none of them waits and tries again.
 */
export class UnsupportedRequest extends Error {
  constructor(what: string) {
    super(`The virtual table does not support ${what}`);
    this.name = "UnsupportedRequest";
  }
}
