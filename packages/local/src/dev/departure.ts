import { fstatSync } from "node:fs";

/** A second signal within this time is an echo: npm passes on what a terminal or `sst dev` has sent to both. */
const ECHO_MS = 1_000;
const LOOK_FOR_PARENT_EVERY_MS = 1_000;
const STDIN_FD = 0;

/**
 * Aborts when the developer goes: at a signal, when the terminal or pipe on stdin is closed, or when the process that
 * started this one is gone. From then on Ctrl-C ends the process at once, with `exitCode`.
 */
export function departureSignal(exitCode: number): AbortSignal {
  const departure = new AbortController();
  const depart = () => departure.abort();
  onSignals(departure, exitCode);
  onClosedStdin(depart);
  onLostParent(depart);
  // The reader of the output may be gone as well, and the mappings are to be shut all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  return departure.signal;
}

function onSignals(departure: AbortController, exitCode: number): void {
  let departedAtMs = Number.POSITIVE_INFINITY;
  departure.signal.addEventListener("abort", () => {
    departedAtMs = performance.now();
  });
  process.on("SIGTERM", () => departure.abort());
  process.on("SIGHUP", () => departure.abort());
  process.on("SIGINT", () => {
    if (performance.now() - departedAtMs > ECHO_MS) process.exit(exitCode);
    departure.abort();
  });
}

/** Departs when stdin ends; the end of a file or of no stdin at all, as when `sst dev` shows no panes, says nothing. */
function onClosedStdin(depart: () => void): void {
  const { stdin } = process;
  if (!stdin.isTTY && !isPipe(STDIN_FD)) return;
  for (const event of ["end", "close", "error"]) stdin.on(event, depart);
  stdin.resume();
  // It must not keep the process alive when all is done.
  stdin.unref();
}

function isPipe(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}

function onLostParent(depart: () => void): void {
  const parentId = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parentId) depart();
  }, LOOK_FOR_PARENT_EVERY_MS);
  timer.unref();
}
