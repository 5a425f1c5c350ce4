import { WORKER_CRASHED } from "@sluice/core/worker";

/*
 * The types of function errors, as the payload of Invoke has them (`errorType`). Lambda's own have a prefix:
 * https://github.com/aws/aws-lambda-runtime-interface-emulator, internal/lambda/fatalerror/fatalerror.go and
 * internal/lambda-managed-instances/rapid/model/customer_error.go; those of Node's runtime:
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client, src/Errors.js. An error that is thrown while the
 * function's module is loaded has its own name there, and so has one that the handler throws (src/UserFunction.js,
 * src/RAPIDClient.js); Sluice's workers let none of theirs out but under the names of core's function-errors.ts.
 */

/** Lambda's own types that can only come before a handler is called. */
const BEFORE_THE_HANDLER: ReadonlySet<string> = new Set([
  "Runtime.ImportModuleError",
  "Runtime.HandlerNotFound",
  "Runtime.MalformedHandlerName",
  "Runtime.MalformedStreamingHandler",
  "Runtime.UserCodeSyntaxError",
  "Runtime.InvalidEntrypoint",
  "Runtime.InvalidWorkingDir",
  "Runtime.InvalidTaskConfig",
  "Runtime.InitError",
  "Extension.InitError",
  "Extension.LaunchError",
]);

/**
 * Types that say nothing of when: Lambda's other ones, and those of what was thrown without being an error
 * (`typeof`).
 */
const AT_ANY_TIME =
  /^((Runtime|Sandbox|Function|Extension)\..*|Unknown|Unhandled|handled|string|number|bigint|boolean|symbol|undefined|object|function|)$/;

/**
 * True if a function error proves that the worker's job has not begun: its module could not be loaded, or the handler
 * refused the request. An error of another type may come after a call of the provider.
 */
export function isBeforeJob(errorType: string): boolean {
  if (BEFORE_THE_HANDLER.has(errorType)) return true;
  return errorType !== WORKER_CRASHED && !AT_ANY_TIME.test(errorType);
}
