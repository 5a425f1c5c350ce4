import type { MappingErrorName } from "@sluice/sim/event-source-mapping";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type * as z from "zod";

/** The errors that the HTTP front end answers, as AWS names them. */
export type AwsErrorName =
  | MappingErrorName
  | "InvalidRequestContentException"
  | "RequestTooLargeException"
  | "ServiceException";

const STATUS: Readonly<Record<AwsErrorName, ContentfulStatusCode>> = {
  InvalidParameterValueException: 400,
  InvalidRequestContentException: 400,
  ResourceInUseException: 400,
  ValidationException: 400,
  ResourceNotFoundException: 404,
  ResourceConflictException: 409,
  RequestTooLargeException: 413,
  TooManyRequestsException: 429,
  ServiceException: 500,
};

/** Answers an error in the form that AWS's clients understand. */
export function awsError(
  context: Context,
  name: AwsErrorName,
  message: string,
  fields: Readonly<Record<string, string>> = {},
): Response {
  const type = STATUS[name] < 500 ? "User" : "Service";
  return context.json({ Type: type, message, ...fields }, STATUS[name], { "x-amzn-ErrorType": name });
}

/** Answers that an input does not have the shape that AWS asks for. */
export function inputInvalid(context: Context, error: z.ZodError): Response {
  const problems = error.issues.map((issue) => `${issue.path.join(".") || "request"}: ${issue.message}`);
  return awsError(context, "InvalidParameterValueException", problems.join("; "));
}
