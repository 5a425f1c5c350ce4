/** The wish that a command ends, by a signal, a key, or the loss of whoever reads what it prints. */
export interface Interrupt {
  /** Aborts at the first wish, so that the command can end in order. */
  readonly signal: AbortSignal;
  abort(): void;
  /** As Ctrl-C does where a terminal hands it over as a key: the second time it ends the process at once. */
  press(): void;
}

/** A second signal within this time is an echo: npm passes on what a terminal or `sst dev` has sent to both. */
const ECHO_MS = 1_000;
/** Of writing to a pipe that nobody reads, and to a terminal that is closed. */
const LOST_READER: readonly unknown[] = ["EPIPE", "EIO"];

/**
 * Listens to Ctrl-C, SIGTERM, a closed terminal and a closed pipe. A later Ctrl-C ends the process at once.
 * @param exitCode of that end
 */
export function createInterrupt(exitCode: number): Interrupt {
  const interrupt = new AbortController();
  const { signal } = interrupt;
  let abortedAtMs = Number.POSITIVE_INFINITY;
  signal.addEventListener("abort", () => {
    abortedAtMs = performance.now();
  });
  const abort = () => interrupt.abort(new Error("interrupted"));
  const press = () => {
    if (signal.aborted) process.exit(exitCode);
    abort();
  };
  process.on("SIGINT", () => {
    if (!signal.aborted || performance.now() - abortedAtMs > ECHO_MS) press();
  });
  process.on("SIGTERM", abort);
  process.on("SIGHUP", abort);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      if (!("code" in error && LOST_READER.includes(error.code))) throw error;
      abort();
    });
  }
  return { signal, abort, press };
}

/** The signal of an {@link Interrupt} for a command without keys of its own. */
export function interruptSignal(exitCode: number): AbortSignal {
  return createInterrupt(exitCode).signal;
}
