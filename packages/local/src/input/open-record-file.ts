import { constants, createReadStream, createWriteStream, openSync, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileProblem } from "@sluice/sim/command";
import { createScratchFolder } from "../scratch/scratch-folder.ts";
import { InputInvalid } from "./input-invalid.ts";
import type { InputFormat, RecordFile } from "./record-file.ts";

/** The path that means standard input. */
export const STDIN_PATH = "-";

const STDIN = { name: "standard input" };

/** The input of a command. */
export interface RecordFileRequest {
  /** A file, a pipe, or {@link STDIN_PATH}. */
  readonly path: string;
  readonly format?: InputFormat;
  readonly stdin: Readable;
  /** Ends the wait for the end of a stream. */
  readonly signal?: AbortSignal;
  /** Called with the name of a stream before it is waited for: its end may be long in coming. */
  onStream?(name: string): void;
}

/**
 * Makes a record file of a command's input. Standard input and pipes can be read once, so that they are copied to their
 * end first, into a file that goes with this process.
 * @throws InputInvalid if a stream fails before its end, or the signal does not wait for it
 */
export async function openRecordFile({
  path,
  format,
  stdin,
  signal,
  onStream,
}: RecordFileRequest): Promise<RecordFile> {
  const asked = format === undefined ? {} : { format };
  if (path === STDIN_PATH) {
    onStream?.(STDIN.name);
    return { path: await copyOf(() => stdin, STDIN, signal), ...STDIN, ...asked };
  }
  const file = { path, name: path, ...asked };
  const stats = await statsOf(path);
  if (stats === undefined || stats.isFile() || stats.isDirectory()) return file;
  onStream?.(file.name);
  return {
    ...file,
    path: await copyOf(() => (stats.isFIFO() ? openPipe(path) : createReadStream(path)), file, signal),
  };
}

/** Undefined for a path that leads nowhere: whoever reads it refuses it. */
function statsOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}

/** Opens a pipe whose writer may come later: waited for in the usual way, it would keep the process from ending. */
function openPipe(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

async function copyOf(
  open: () => Readable,
  source: { readonly name: string },
  signal: AbortSignal | undefined,
): Promise<string> {
  const copy = join(createScratchFolder().path, "input");
  try {
    await pipeline(open(), createWriteStream(copy), signal === undefined ? {} : { signal });
  } catch (thrown) {
    throw new InputInvalid(source, fileProblem(thrown), { cause: thrown });
  }
  return copy;
}
