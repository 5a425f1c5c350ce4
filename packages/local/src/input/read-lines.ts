import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { fileProblem } from "@sluice/sim/command";
import { InputInvalid } from "./input-invalid.ts";
import type { RecordFile } from "./record-file.ts";

/** A line of a file, without its line feed. */
export interface Line {
  /** 1 for the first line. */
  readonly number: number;
  readonly text: string;
}

/** The length of SQS's longest message: no record can be longer. It bounds the memory for a file without lines. */
export const LINE_MAX_BYTES: number = 1024 * 1024;

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * Reads a UTF-8 file line by line, in bounded memory. A carriage return before the line feed stays in the text.
 * @throws InputInvalid if the file can't be read, is not UTF-8, or has a line of more than 1 MiB
 */
export async function* readLines(file: RecordFile): AsyncGenerator<Line> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);

  function lineOf(bytes: Buffer): Line {
    number += 1;
    checkBytes(file, bytes, number);
    const text = bytes.toString("utf8");
    return { number, text: number === 1 ? text.replace(BYTE_ORDER_MARK, "") : text };
  }

  for await (const chunk of readChunks(file)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      yield lineOf(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > LINE_MAX_BYTES) checkBytes(file, rest, number + 1);
  }
  if (rest.length > 0) yield lineOf(rest);
}

/** Like {@link readLines}, for formats of one record a line: no carriage returns, and no blank lines at the end. */
export async function* readRecordLines(file: RecordFile): AsyncGenerator<Line> {
  let blankCount = 0;
  for await (const { number, text: raw } of readLines(file)) {
    const text = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (text === "") {
      blankCount += 1;
      continue;
    }
    for (; blankCount > 0; blankCount -= 1) yield { number: number - blankCount, text: "" };
    yield { number, text };
  }
}

function checkBytes(file: RecordFile, bytes: Buffer, lineNumber: number): void {
  if (bytes.length > LINE_MAX_BYTES) {
    throw new InputInvalid(file, `must have lines of at most ${LINE_MAX_BYTES} bytes`, { lineNumber });
  }
  if (!isUtf8(bytes)) throw new InputInvalid(file, "is not valid UTF-8", { lineNumber });
}

/** Reads a file as it comes from the disk. @throws InputInvalid if it can't be read */
export async function* readChunks(file: RecordFile): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file.path) as AsyncIterable<Buffer>;
  } catch (thrown) {
    throw new InputInvalid(file, fileProblem(thrown), { cause: thrown });
  }
}
