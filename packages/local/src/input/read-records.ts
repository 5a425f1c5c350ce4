import { extname } from "node:path";
import { messageOf } from "@sluice/core/errors";
import { readCsvRecords } from "./csv-records.ts";
import { InputInvalid } from "./input-invalid.ts";
import { type Line, readRecordLines } from "./read-lines.ts";

/**
 * Reads a record file as a stream, in memory that does not grow with the file. The format follows from the extension:
 * `.csv` has a header row with a column `id` and perhaps `payload` (JSON); `.ndjson` and `.jsonl` have one JSON value
 * a line, an id or `{ id, payload }`; any other file has one id a line, where blank lines at the end do not count.
 *
 * Yields ids or `{ id, payload }`, illegal ids too: the scheduler refuses those.
 * @throws InputInvalid if the file can't be read, is broken, or holds no record
 */
export async function* readRecords(path: string): AsyncGenerator<unknown> {
  let isEmpty = true;
  for await (const record of recordsOf(path)) {
    isEmpty = false;
    yield record;
  }
  if (isEmpty) throw new InputInvalid(path, "is empty: it holds no record");
}

/**
 * Reads a whole record file without keeping it, so that a broken one is refused before anything of it is enqueued.
 * @throws InputInvalid
 */
export async function checkRecords(path: string): Promise<{ recordCount: number }> {
  let recordCount = 0;
  for await (const _ of readRecords(path)) recordCount += 1;
  return { recordCount };
}

function recordsOf(path: string): AsyncIterable<unknown> {
  switch (extname(path).toLowerCase()) {
    case ".csv":
      return readCsvRecords(path);
    case ".ndjson":
    case ".jsonl":
      return readJsonLines(path);
    default:
      return readIdLines(path);
  }
}

async function* readJsonLines(path: string): AsyncGenerator<unknown> {
  for await (const line of readRecordLines(path)) yield parseLine(path, line);
}

function parseLine(path: string, { number: lineNumber, text }: Line): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new InputInvalid(path, `is not JSON: ${messageOf(thrown)}`, { lineNumber, cause: thrown });
  }
}

async function* readIdLines(path: string): AsyncGenerator<string> {
  for await (const { text } of readRecordLines(path)) yield text;
}
