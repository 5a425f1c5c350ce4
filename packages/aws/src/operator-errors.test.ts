import { Unreachable } from "@sluice/core/errors";
import { expect, test } from "vitest";
import { asOperatorError } from "./operator-errors.ts";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
const wrapped = (cause: Error) =>
  Object.assign(new Error("Error thrown by DynamoDB client"), { name: "ElectroError", cause });

const DENIED =
  "User: arn:aws:iam::1:user/anna is not authorized to perform: dynamodb:UpdateItem\n on resource: x";

test.each([
  [
    named("AccessDeniedException", DENIED),
    /^AWS does not let these credentials do that: User: .*UpdateItem on resource: x$/,
  ],
  [wrapped(named("AccessDeniedException", DENIED)), /^AWS does not let these credentials do that/],
  [named("AccessDenied", "no"), /^AWS does not let/],
  [
    named("ExpiredTokenException", "The security token is expired."),
    /^AWS refuses the credentials: ExpiredTokenException/,
  ],
  [wrapped(named("CredentialsProviderError", "Could not load credentials")), /AWS_PROFILE/],
])("%s is told in a line, with what to do", (thrown, message) => {
  const error = asOperatorError(thrown);
  expect(error).toMatchObject({ code: "client-misconfigured", message: expect.stringMatching(message) });
  expect(String(error)).not.toContain("\n");
});

test.each([new TypeError("a bug"), new Unreachable("SQS", "gone"), "text"])("%s stays as it is", (thrown) => {
  expect(asOperatorError(thrown)).toBe(thrown);
});
