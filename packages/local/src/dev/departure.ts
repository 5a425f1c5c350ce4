import { fstatSync } from "node:fs";
import { createInterrupt } from "@sluice/sim/command";

const LOOK_FOR_PARENT_EVERY_MS = 1_000;
const STDIN_FD = 0;

/**
 * Aborts when the developer goes: at a signal, when the terminal or a pipe is closed, or when the process that started
 * this one is gone. From then on Ctrl-C ends the process at once, with `exitCode`.
 */
export function departureSignal(exitCode: number): AbortSignal {
  const departure = createInterrupt(exitCode);
  onClosedStdin(departure.abort);
  onLostParent(departure.abort);
  return departure.signal;
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
