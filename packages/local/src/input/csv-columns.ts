import { InputInvalid } from "./input-invalid.ts";
import type { RecordFile } from "./record-file.ts";

/** The columns of a CSV file that count, by index from 0; -1 if there is no such column. */
export interface CsvColumns {
  readonly idIndex: number;
  readonly payloadIndex: number;
}

/**
 * Finds the columns that count in a header, which stands on line `lineNumber`.
 * @throws InputInvalid unless there is one `id` column, and one `payload` column at most
 */
export function csvColumnsOf(file: RecordFile, header: readonly string[], lineNumber: number): CsvColumns {
  const names = header.map((name) => name.trim());
  const found = names.map((name) => JSON.stringify(name)).join(", ");
  for (const name of ["id", "payload"]) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      throw new InputInvalid(file, `must have one column ${name}, found ${found}`, { lineNumber });
    }
  }
  if (!names.includes("id")) {
    throw new InputInvalid(file, `must have a header row with a column id, found ${found}`, {
      lineNumber,
    });
  }
  return { idIndex: names.indexOf("id"), payloadIndex: names.indexOf("payload") };
}
