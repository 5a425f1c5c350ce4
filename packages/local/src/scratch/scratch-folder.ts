import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for what nobody needs after this process. */
export interface ScratchFolder {
  readonly path: string;
  /** Removes it with all that is in it. May be called again. */
  remove(): void;
  /** Lets it outlive this process. */
  keep(): void;
}

/** Signals that end a process by default, without letting it do anything before. */
const DEADLY = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Those that are to go with this process. */
const paths = new Set<string>();

/**
 * Makes an empty folder among the system's temporary ones. It is removed when this process ends by itself, by an error,
 * by `process.exit` or by a signal that can be handled, or before if that is asked for.
 */
export function createScratchFolder(): ScratchFolder {
  watchTheEnd();
  const path = mkdtempSync(join(tmpdir(), "sluice-"));
  paths.add(path);
  return {
    path,
    remove() {
      if (paths.delete(path)) removeFolder(path);
    },
    keep: () => void paths.delete(path),
  };
}

let isWatching = false;

function watchTheEnd(): void {
  if (isWatching) return;
  isWatching = true;
  process.on("exit", () => paths.forEach(removeFolder));
  for (const signal of DEADLY) {
    process.on(signal, () => {
      // With a listener the signal ends nothing by itself. Another listener ends the process in its own time.
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });
  }
}

/** Something may still write into it. */
function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}
