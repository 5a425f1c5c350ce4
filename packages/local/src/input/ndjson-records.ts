import { messageOf } from "@sluice/core/errors";
import { InputInvalid } from "./input-invalid.ts";
import { type Line, readRecordLines } from "./read-lines.ts";

/**
 * Reads a file of one JSON value a line, and passes the values on as they are.
 * @throws InputInvalid
 */
export async function* readNdjsonRecords(path: string): AsyncGenerator<unknown> {
  for await (const line of readRecordLines(path)) yield parseLine(path, line);
}

function parseLine(path: string, { number: lineNumber, text }: Line): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new InputInvalid(path, `is not JSON: ${messageOf(thrown)}`, { lineNumber, cause: thrown });
  }
}
