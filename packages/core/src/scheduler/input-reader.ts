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
  let interrupt = (): void => {};

  function next(): Read | Promise<Read> {
    if (coming !== undefined) return unlessInterrupted(coming);
    const read = readFrom(iterator);
    if (!(read instanceof Promise)) return read;
    coming = read;
    return unlessInterrupted(read);
  }

  function unlessInterrupted(read: Promise<Read>): Promise<Read> {
    return new Promise((resolve, reject) => {
      let isInterrupted = false;
      interrupt = () => {
        isInterrupted = true;
        resolve(INTERRUPTED);
      };
      read.then((came) => {
        if (isInterrupted) return;
        coming = undefined;
        resolve(came);
      }, reject);
    });
  }

  async function close(signal: AbortSignal): Promise<void> {
    const closed = (async () => iterator.return?.())().catch(() => {});
    // A generator ends only after what it waits for itself.
    if (coming === undefined && !signal.aborted) await Promise.race([closed, abortOf(signal)]);
  }

  return { next, interrupt: () => interrupt(), close };
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
