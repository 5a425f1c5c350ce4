import { InvokedTooLate, RequestUnreadable, StartMissed, WorkerCrashed } from "@sluice/core/worker";
import { expect, test } from "vitest";
import { isBeforeJob } from "./function-errors.ts";

test.each([
  "Runtime.ImportModuleError",
  "Runtime.HandlerNotFound",
  "Runtime.MalformedHandlerName",
  "Runtime.UserCodeSyntaxError",
  "Runtime.InvalidEntrypoint",
  "Extension.InitError",
  // Errors of the worker's own loading, under their own names.
  "Error",
  "TypeError",
  "ZodError",
  "SluiceError",
  "SecretMissing",
  "EnvironmentInvalid",
  new RequestUnreadable("").name,
  new InvokedTooLate("").name,
  new StartMissed(1, 2).name,
])("after %s no job has begun", (errorType) => {
  expect(isBeforeJob(errorType)).toBe(true);
});

test.each([
  new WorkerCrashed(new Error("bug")).name,
  "Sandbox.Timedout",
  "Sandbox.Timeout",
  "Sandbox.Failure",
  "Runtime.ExitError",
  "Runtime.OutOfMemory",
  "Runtime.NodeJsExit",
  "Runtime.UnhandledPromiseRejection",
  "Runtime.TruncatedResponse",
  "Runtime.Unknown",
  "Runtime.SomethingNew",
  "Function.ResponseSizeTooLarge",
  "Function.Unknown",
  "Extension.Crash",
  "Extension.ExitError",
  "Unhandled",
  "handled",
  "string",
  "object",
  "undefined",
  "",
])("after %j a job may have begun", (errorType) => {
  expect(isBeforeJob(errorType)).toBe(false);
});
