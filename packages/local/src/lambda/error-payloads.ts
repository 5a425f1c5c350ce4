/*
 * The payloads of function errors, as JSON text, with the types that Lambda's Node.js runtime gives them:
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client, src/Errors.js and src/UserFunction.js
 */

/** An error under its own name; what is no error goes by its type. */
export function errorPayload(thrown: unknown): string {
  if (!(thrown instanceof Error)) return payloadOf(typeof thrown, String(thrown), []);
  return payloadOf(thrown.name, thrown.message, traceOf(thrown));
}

/** An error of importing the bundle. The runtime names only two kinds: most keep their own name. */
export function loadErrorPayload(thrown: unknown): string {
  if (thrown instanceof SyntaxError) {
    return payloadOf("Runtime.UserCodeSyntaxError", String(thrown), traceOf(thrown));
  }
  if (thrown instanceof Error && "code" in thrown && thrown.code === "MODULE_NOT_FOUND") {
    return payloadOf("Runtime.ImportModuleError", String(thrown), traceOf(thrown));
  }
  return errorPayload(thrown);
}

/** A rejection that nothing handled. */
export function unhandledPayload(reason: unknown): string {
  return payloadOf("Runtime.UnhandledPromiseRejection", String(reason), traceOf(reason));
}

/** A bundle without a handler. */
export function handlerMissing(bundlePath: string): string {
  return payloadOf("Runtime.HandlerNotFound", `${bundlePath} exports no function named handler`, []);
}

function payloadOf(errorType: string, errorMessage: string, trace: readonly string[]): string {
  return JSON.stringify({ errorType, errorMessage, trace });
}

function traceOf(thrown: unknown): readonly string[] {
  return thrown instanceof Error ? (thrown.stack?.split("\n") ?? []) : [];
}
