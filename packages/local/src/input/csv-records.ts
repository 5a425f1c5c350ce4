import { pipeline, Readable } from "node:stream";
import { messageOf } from "@sluice/core/errors";
import { CsvError, type CsvErrorCode, parse } from "csv-parse";
import { csvColumnsOf } from "./csv-columns.ts";
import { InputInvalid } from "./input-invalid.ts";
import { LINE_MAX_BYTES, readLines } from "./read-lines.ts";
import type { RecordFile } from "./record-file.ts";

/** A row as csv-parse hands it over; `lines` is the line on which it ends. */
interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Codes of faults that show only far behind their cause: the open quote swallows the lines after it. */
const OPEN_QUOTE_CODES: readonly CsvErrorCode[] = ["CSV_QUOTE_NOT_CLOSED", "CSV_MAX_RECORD_SIZE"];

/**
 * Reads a table with a header row, whose fields `delimiter` separates: column `id`, and optionally `payload`, which holds JSON or nothing.
 * Other columns and blank lines are passed over.
 * @throws InputInvalid if the file can't be read, has no header with an `id`, or is broken
 */
export async function* readCsvRecords(file: RecordFile, delimiter: string): AsyncGenerator<unknown> {
  let recordOf: ((row: CsvRow) => unknown) | undefined;
  for await (const row of readRows(file, delimiter)) {
    if (recordOf === undefined) recordOf = recordReaderOf(file, row);
    else yield recordOf(row);
  }
}

function recordReaderOf(file: RecordFile, header: CsvRow): (row: CsvRow) => unknown {
  const columns = csvColumnsOf(file, header.record, header.info.lines);
  return ({ record, info }) => {
    const id = record[columns.idIndex];
    const payloadText = record[columns.payloadIndex] ?? "";
    if (payloadText === "") return id;
    try {
      return { id, payload: JSON.parse(payloadText) as unknown };
    } catch (thrown) {
      const problem = `payload is not JSON: ${messageOf(thrown)}`;
      throw new InputInvalid(file, problem, { lineNumber: info.lines, cause: thrown });
    }
  };
}

async function* readRows(file: RecordFile, delimiter: string): AsyncGenerator<CsvRow> {
  let lastRowLine = 0;
  const parser = parse({
    info: true,
    delimiter,
    // Both, since a file may mix them; the parser would settle for the first it finds and merge the other's rows.
    record_delimiter: ["\r\n", "\n"],
    skip_empty_lines: true,
    max_record_size: LINE_MAX_BYTES,
    // Noted here because rows that are parsed but not yet read are lost when a later one is broken.
    on_record(record, { lines }) {
      lastRowLine = lines;
      return record;
    },
  });
  // The loop below throws what the pipeline reports.
  pipeline(Readable.from(textOf(file)), parser, () => {});
  try {
    yield* parser as AsyncIterable<CsvRow>;
  } catch (thrown) {
    throw thrown instanceof CsvError ? csvInvalid(file, thrown, lastRowLine) : thrown;
  }
}

async function* textOf(file: RecordFile): AsyncGenerator<string> {
  for await (const { text } of readLines(file)) yield `${text}\n`;
}

function csvInvalid(file: RecordFile, error: CsvError, lastRowLine: number): InputInvalid {
  if (OPEN_QUOTE_CODES.includes(error.code)) {
    return new InputInvalid(file, "a quote opens in this row and is never closed", {
      lineNumber: lastRowLine + 1,
      cause: error,
    });
  }
  return new InputInvalid(file, `is not CSV: ${error.message}`, {
    lineNumber: Number(error.lines),
    cause: error,
  });
}
