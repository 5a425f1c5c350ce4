import { messageOf } from "@sluice/core/errors";
import { readCsvRecords } from "./csv-records.ts";
import { fileFormatOf } from "./file-format.ts";
import { InputInvalid } from "./input-invalid.ts";
import { readJsonRecords } from "./json-records.ts";
import { type Line, readRecordLines } from "./read-lines.ts";
import type { RecordFile } from "./record-file.ts";

/**
 * Reads a record file as a stream, in memory that does not grow with the file. The format follows from extension and
 * content, unless the file says it: a table (CSV, also with tabs or semicolons) has a header row with a column `id` and
 * perhaps `payload` (JSON); JSON is an id or `{ id, payload }` a line, or an array of them; any other file has one id a
 * line, where blank lines at the end do not count.
 *
 * Yields ids or `{ id, payload }`, illegal ids too: the scheduler refuses those.
 * @throws InputInvalid if the file can't be read, is broken, or holds no record
 */
export async function* readRecords(file: RecordFile): AsyncGenerator<unknown> {
  let isEmpty = true;
  for await (const record of recordsOf(file)) {
    isEmpty = false;
    yield record;
  }
  if (isEmpty) throw new InputInvalid(file, "is empty: it holds no record");
}

/**
 * Reads a whole record file without keeping it, so that a broken one is refused before anything of it is enqueued.
 * @throws InputInvalid
 */
export async function checkRecords(file: RecordFile): Promise<{ recordCount: number }> {
  let recordCount = 0;
  for await (const _ of readRecords(file)) recordCount += 1;
  return { recordCount };
}

async function* recordsOf(file: RecordFile): AsyncGenerator<unknown> {
  const format = await fileFormatOf(file);
  switch (format.kind) {
    case "csv":
      return yield* readCsvRecords(file, format.delimiter);
    case "ndjson":
      return yield* readJsonLines(file);
    case "json":
      return yield* readJsonRecords(file);
    case "ids":
      return yield* readIdLines(file);
  }
}

async function* readJsonLines(file: RecordFile): AsyncGenerator<unknown> {
  for await (const line of readRecordLines(file)) yield parseLine(file, line);
}

function parseLine(file: RecordFile, { number: lineNumber, text }: Line): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new InputInvalid(file, `is not JSON: ${messageOf(thrown)}`, { lineNumber, cause: thrown });
  }
}

async function* readIdLines(file: RecordFile): AsyncGenerator<string> {
  for await (const { text } of readRecordLines(file)) yield text;
}
