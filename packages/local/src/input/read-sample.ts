import { readChunks } from "./read-lines.ts";
import type { RecordFile } from "./record-file.ts";

/** The beginning of a file. */
export interface Sample {
  /** Lines that are not blank; the last one is cut off where the file is longer than the sample. */
  readonly lines: readonly string[];
}

const BYTE_ORDER_MARK = /^\uFEFF/;
/** Lines after which a table has shown itself as one. */
const LINES_MAX = 20;

/** Reads the beginning of a file, as much as one read yields. @throws InputInvalid if it can't be read */
export async function readSample(file: RecordFile): Promise<Sample> {
  for await (const chunk of readChunks(file)) {
    const lines = chunk.toString("utf8").replace(BYTE_ORDER_MARK, "").split("\n");
    const wanted = lines.map((line) => line.replace(/\r$/, "")).filter((line) => line.trim() !== "");
    return { lines: wanted.slice(0, LINES_MAX) };
  }
  return { lines: [] };
}
