import { describe, expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { isTransientName } from "./transient-errors.ts";
import { orUnreachable } from "./unreachable.ts";

const PASSING = [
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
  "OverLimit",
  "KmsThrottled",
  "KMS.ThrottlingException",
  "TransactionInProgressException",
  "TransactionConflictException",
  "ReplicatedWriteConflictException",
  "PriorRequestNotComplete",
  "ResourceConflictException",
  "InternalServerError",
  "InternalError",
  "InternalFailure",
  "InternalServiceError",
  "ServiceException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "ServiceUnavailableError",
  "TimeoutError",
  "RequestTimeout",
  "RequestTimeoutException",
  "RequestAbortedException",
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
];

const LASTING = [
  "AbortError",
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
  "ConditionalCheckFailedException",
  "ItemCollectionSizeLimitExceededException",
  "QueueDoesNotExist",
  "ReceiptHandleIsInvalid",
  "MessageNotInflight",
  "ResourceNotFoundException",
  "TransactionCanceledException",
  "ValidationException",
];

/** An error as the SDK throws it. */
const errorOf = (name: string, more: object) => Object.assign(new Error("told so"), { name, ...more });
const answered = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

/** As ElectroDB throws the SDK's. */
const wrapped = (cause: Error) =>
  Object.assign(new Error(cause.message, { cause }), { name: "ElectroError" });

async function thrownFor(error: unknown): Promise<unknown> {
  return orUnreachable("a service", Promise.reject(error)).catch((thrown: unknown) => thrown);
}

describe.each([
  ["the SDK's own", (error: Error) => error],
  ["wrapped by ElectroDB", wrapped],
])("an error that is %s", (_, as) => {
  test.each(PASSING)("%s passes, whatever its status", async (name) => {
    for (const status of [400, 403, 500, 502]) {
      expect(await thrownFor(as(errorOf(name, answered(status))))).toBeInstanceOf(Unreachable);
    }
    expect(isTransientName(name)).toBe(true);
  });

  test.each(LASTING)("%s lasts, whatever its status and its words", async (name) => {
    for (const more of [answered(400), answered(502), { message: "the socket could not connect" }]) {
      const error = as(errorOf(name, more));
      expect(await thrownFor(error)).toBe(error);
    }
    expect(isTransientName(name)).toBe(false);
  });
});

test.each([
  ["500", answered(500), true],
  ["503", answered(503), true],
  ["429", answered(429), true],
  ["400", answered(400), false],
  ["404", answered(404), false],
  ["a success that can't be read", answered(200), true],
  ["the SDK's own mark", { ...answered(400), $retryable: {} }, true],
  ["a refused connection", { code: "ECONNREFUSED" }, true],
  ["a reset connection", { code: "ECONNRESET" }, true],
  ["a broken pipe", { code: "EPIPE" }, true],
  ["no route", { code: "EHOSTUNREACH" }, true],
  ["no network", { code: "ENETUNREACH" }, true],
  ["no name server", { code: "EAI_AGAIN" }, true],
  ["no such name", { code: "ENOTFOUND" }, true],
  ["no port left", { code: "EADDRNOTAVAIL" }, true],
  ["a time-out of the system", { code: "ETIMEDOUT" }, true],
  ["another code", { code: "ENOENT" }, false],
  ["words about a socket", { message: "socket hang up" }, true],
  ["other words", { message: "no row" }, false],
])("an error of an unknown name goes by %s: %j passes is %s", async (_, more, passes) => {
  expect((await thrownFor(errorOf("Unheard", more))) instanceof Unreachable).toBe(passes);
  expect(isTransientName("Unheard")).toBeUndefined();
});

test.each([
  ["ThrottlingException", {}, true],
  ["ProvisionedThroughputExceededException", {}, true],
  ["RequestLimitExceeded", {}, true],
  ["Error", { code: "ECONNREFUSED" }, true],
  ["Error", { code: "ECONNRESET" }, false],
  ["TimeoutError", {}, false],
  ["InternalServerError", answered(500), false],
])("after %s %j the call has surely not been carried out: %s", async (name, more, isUndone) => {
  expect(await thrownFor(errorOf(name, more))).toMatchObject({ code: "unreachable", isUndone });
});

test.each(["text", undefined, null, { name: "ThrottlingException" }])(
  "what is no error is passed on: %j",
  async (thrown) => {
    expect(await thrownFor(thrown)).toBe(thrown);
  },
);
