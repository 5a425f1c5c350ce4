import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
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
}

/**
 * Makes a record file of a command's input. Standard input and pipes can be read once, so that they are copied to their
 * end first, into a file that goes with this process.
 * @throws InputInvalid if a stream fails before its end
 */
export async function openRecordFile({ path, format, stdin }: RecordFileRequest): Promise<RecordFile> {
  const asked = format === undefined ? {} : { format };
  if (path === STDIN_PATH) return { path: await copyOf(stdin, STDIN), ...STDIN, ...asked };
  const file = { path, name: path, ...asked };
  return (await isStream(path)) ? { ...file, path: await copyOf(createReadStream(path), file) } : file;
}

/** True for what can be read once. A path that leads nowhere is refused by whoever reads it. */
async function isStream(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    return false;
  }
}

async function copyOf(stream: Readable, source: { readonly name: string }): Promise<string> {
  const copy = join(createScratchFolder().path, "input");
  try {
    await pipeline(stream, createWriteStream(copy));
  } catch (thrown) {
    throw new InputInvalid(source, fileProblem(thrown), { cause: thrown });
  }
  return copy;
}
