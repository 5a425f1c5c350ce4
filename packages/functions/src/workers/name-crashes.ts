import { crashMessageOf, WORKER_CRASHED } from "@sluice/core/worker";

let isNaming = false;

/**
 * From the first call on, gives errors that end the process past every promise, as one thrown in a timer does, the
 * name by which a worker tells that its job had begun. Lambda's runtime reports them under their own name, which an
 * error of loading may have too, in a listener that runs after this one.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/index.mjs
 */
export function nameCrashes(): void {
  if (isNaming) return;
  isNaming = true;
  process.on("uncaughtExceptionMonitor", (thrown: unknown) => {
    if (!(thrown instanceof Error)) return;
    const message = crashMessageOf(thrown);
    Object.defineProperties(thrown, {
      name: { value: WORKER_CRASHED, configurable: true },
      message: { value: message, configurable: true },
    });
  });
}
