import { pathToFileURL } from "node:url";

/*
 * Runs in an execution environment, in place of the handler that it times: imports that handler's bundle, whose path is
 * in BENCH_BUNDLE, and answers how long the import and the first answer took.
 */

/** The time that a handler took to be imported, and to answer its first call. */
export interface StartTimes {
  readonly importMs: number;
  readonly answerMs: number;
}

const importedAtMs = performance.now();
const bundle: { handler(event: unknown, context: unknown): unknown } = await import(
  pathToFileURL(process.env.BENCH_BUNDLE ?? "").href
);
const importMs = performance.now() - importedAtMs;

/** Calls the handler that is timed. */
export async function handler(event: unknown, context: unknown): Promise<StartTimes> {
  const calledAtMs = performance.now();
  await bundle.handler(event, context);
  return { importMs, answerMs: performance.now() - calledAtMs };
}
