/** Aborts on the first Ctrl-C, so that a command can end in order; the second one ends the process at once. */
export function interruptSignal(exitCode: number): AbortSignal {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(exitCode);
    interrupt.abort(new Error("interrupted"));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return interrupt.signal;
}
