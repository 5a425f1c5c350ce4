import { abortError } from "./sdk-error.ts";

/**
 * Makes a call unless its caller has aborted it. One that is aborted later may be carried out all the same.
 * @throws SdkError `AbortError`, or what the call throws
 */
export async function unlessAborted<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
  if (signal === undefined) return call();
  if (signal.aborted) throw abortError();
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError());
    signal.addEventListener("abort", abort, { once: true });
    call()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
