import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { createScratchFolder } from "../scratch/scratch-folder.ts";

/** A file with all lines that the functions of a run print. */
export interface FunctionLog {
  readonly file: string;
  write(functionName: string, line: string): void;
  /** Lets the file outlive the run. */
  keep(): void;
  /** Resolves when all is written, and the file gone unless it is kept. */
  end(): Promise<void>;
}

/** Starts an empty log. */
export function createFunctionLog(): FunctionLog {
  const folder = createScratchFolder();
  const file = join(folder.path, "functions.log");
  const stream = createWriteStream(file);
  return {
    file,
    write(functionName, line) {
      // What a thread has printed may come after its end.
      if (stream.writable) stream.write(`${functionName} ${line}\n`);
    },
    keep: folder.keep,
    async end() {
      await new Promise((resolve) => stream.end(resolve));
      folder.remove();
    },
  };
}
