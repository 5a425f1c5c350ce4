import { deferred } from "../timing/deferred.ts";
import type { RecordInput } from "./record-input.ts";

/** The next of an input, or the reason why there is none. */
export type Read =
  | { readonly kind: "record"; readonly given: unknown }
  | { readonly kind: "end" }
  | { readonly kind: "interrupted" };

/** Reads an input one by one, so that the wait for the next can be left. */
export interface InputReader {
  /**
   * Reads on: a promise where the input has to be waited for. After an interruption the same one is waited for.
   * @throws any error of the input
   */
  next(): Read | Promise<Read>;
  /** Ends the wait that is under way, if there is one. */
  interrupt(): void;
  /** Tells the input that it is left before its end, and waits for it until `signal` aborts; never rejects. */
  close(signal: AbortSignal): Promise<void>;
}

const END: Read = { kind: "end" };
const INTERRUPTED: Read = { kind: "interrupted" };

/**
 * Starts to read an input. Unlike in `for await`, what does not come can be given up, and a plain iterable costs no wait.
 * @throws any error of the input
 */
export function createInputReader(records: RecordInput): InputReader {
  const iterator =
    Symbol.asyncIterator in records ? records[Symbol.asyncIterator]() : records[Symbol.iterator]();
  let coming: Promise<Read> | undefined;
  let wait: PromiseWithResolvers<Read> | undefined;

  function next(): Read | Promise<Read> {
    const read = coming ?? readFrom(iterator);
    if (!(read instanceof Promise)) return read;
    coming = read;
    wait = deferred();
    // The same functions for every record: there may be millions.
    read.then(came, failed);
    return wait.promise;
  }

  function came(read: Read): void {
    // What comes after an interruption is left to the next wait.
    if (wait === undefined) return;
    coming = undefined;
    wait.resolve(read);
    wait = undefined;
  }

  function failed(error: unknown): void {
    wait?.reject(error);
    wait = undefined;
  }

  function interrupt(): void {
    wait?.resolve(INTERRUPTED);
    wait = undefined;
  }

  async function close(signal: AbortSignal): Promise<void> {
    const closed = (async () => iterator.return?.())().catch(() => {});
    // A generator ends only after what it waits for itself.
    if (coming === undefined && !signal.aborted) await Promise.race([closed, abortOf(signal)]);
  }

  return { next, interrupt, close };
}

function readFrom(iterator: Iterator<unknown> | AsyncIterator<unknown>): Read | Promise<Read> {
  const step = iterator.next();
  return "then" in step ? Promise.resolve(step).then(readOf) : readOfPlain(step);
}

function readOf({ done, value }: IteratorResult<unknown>): Read {
  return done === true ? END : { kind: "record", given: value };
}

/** The read of an iterable that is not async, which may hold promises all the same. */
function readOfPlain(step: IteratorResult<unknown>): Read | Promise<Read> {
  const { done, value } = step;
  if (done === true || typeof value !== "object" || value === null || !("then" in value)) return readOf(step);
  return Promise.resolve(value).then((given) => ({ kind: "record", given }));
}

function abortOf(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
