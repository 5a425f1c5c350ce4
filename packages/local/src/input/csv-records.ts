import { pipeline, Readable } from "node:stream";
import { messageOf } from "@sluice/core/errors";
import { CsvError, type CsvErrorCode, parse } from "csv-parse";
import { csvColumnsOf } from "./csv-columns.ts";
import { InputInvalid } from "./input-invalid.ts";
import { LINE_MAX_BYTES, readLines } from "./read-lines.ts";

/** A row as csv-parse hands it over; `lines` is the line on which it ends. */
interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Codes of faults that show only far behind their cause: the open quote swallows the lines after it. */
const OPEN_QUOTE_CODES: readonly CsvErrorCode[] = ["CSV_QUOTE_NOT_CLOSED", "CSV_MAX_RECORD_SIZE"];

/**
 * Reads a CSV file with a header row: column `id`, and optionally `payload`, which holds JSON or nothing.
 * Other columns and blank lines are passed over.
 * @throws InputInvalid if the file can't be read, has no header with an `id`, or is broken
 */
export async function* readCsvRecords(path: string): AsyncGenerator<unknown> {
  let recordOf: ((row: CsvRow) => unknown) | undefined;
  for await (const row of readRows(path)) {
    if (recordOf === undefined) recordOf = recordReaderOf(path, row);
    else yield recordOf(row);
  }
}

function recordReaderOf(path: string, header: CsvRow): (row: CsvRow) => unknown {
  const columns = csvColumnsOf(path, header.record, header.info.lines);
  return ({ record, info }) => {
    const id = record[columns.idIndex];
    const payloadText = record[columns.payloadIndex] ?? "";
    if (payloadText === "") return id;
    try {
      return { id, payload: JSON.parse(payloadText) as unknown };
    } catch (thrown) {
      const problem = `payload is not JSON: ${messageOf(thrown)}`;
      throw new InputInvalid(path, problem, { lineNumber: info.lines, cause: thrown });
    }
  };
}

async function* readRows(path: string): AsyncGenerator<CsvRow> {
  let lastRowLine = 0;
  const parser = parse({
    info: true,
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
  pipeline(Readable.from(textOf(path)), parser, () => {});
  try {
    yield* parser as AsyncIterable<CsvRow>;
  } catch (thrown) {
    throw thrown instanceof CsvError ? csvInvalid(path, thrown, lastRowLine) : thrown;
  }
}

async function* textOf(path: string): AsyncGenerator<string> {
  for await (const { text } of readLines(path)) yield `${text}\n`;
}

function csvInvalid(path: string, error: CsvError, lastRowLine: number): InputInvalid {
  if (OPEN_QUOTE_CODES.includes(error.code)) {
    return new InputInvalid(path, "a quote opens in this row and is never closed", {
      lineNumber: lastRowLine + 1,
      cause: error,
    });
  }
  return new InputInvalid(path, `is not CSV: ${error.message}`, {
    lineNumber: Number(error.lines),
    cause: error,
  });
}
