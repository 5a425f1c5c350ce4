import { extname } from "node:path";
import { headerDelimiterOf, looksLikeTable } from "./delimiters.ts";
import { InputInvalid } from "./input-invalid.ts";
import { readSample, type Sample } from "./read-sample.ts";
import type { InputFormat, RecordFile } from "./record-file.ts";

/** The way to read a record file. */
export type FileFormat =
  | { readonly kind: Exclude<InputFormat, "csv"> }
  | { readonly kind: "csv"; readonly delimiter: string };

const JSON_EXTENSIONS = [".json", ".ndjson", ".jsonl"];
/** The beginning of a JSON array or object, and of nothing that may pass for an id: `{3F25-…}` is one. */
const ARRAY_START = /^\[\s*(?:["{[\]\d-]|$)/;
const OBJECT_START = /^\{\s*(?:["}]|$)/;

/**
 * Finds out how to read a file: as its user says, else by extension and content. A list of ids may have any extension
 * but those of tables and JSON, and a file with such an extension may be a table or JSON all the same.
 * @throws InputInvalid if it can't be read, or may be a table as well as a list of ids
 */
export async function fileFormatOf(file: RecordFile): Promise<FileFormat> {
  const sample = await readSample(file);
  const extension = extname(file.path).toLowerCase();
  if (file.format === "csv" || (file.format === undefined && extension === ".csv")) {
    return { kind: "csv", delimiter: headerDelimiterOf(sample.lines[0] ?? "") ?? "," };
  }
  if (file.format !== undefined) return { kind: file.format };
  if (extension === ".tsv") return { kind: "csv", delimiter: "\t" };
  return JSON_EXTENSIONS.includes(extension)
    ? jsonFormatOf(sample, extension)
    : formatByContent(file, sample);
}

/** JSON of one value a line is read as such, because its errors name lines; `.ndjson` may also be anything else. */
function jsonFormatOf({ lines: [first = ""] }: Sample, extension: string): FileFormat {
  if (ARRAY_START.test(first)) return { kind: "json" };
  if (isJson(first)) return { kind: "ndjson" };
  return { kind: extension === ".json" || OBJECT_START.test(first) ? "json" : "ndjson" };
}

function formatByContent(file: RecordFile, { lines }: Sample): FileFormat {
  const [first = ""] = lines;
  if (ARRAY_START.test(first)) return { kind: "json" };
  if (OBJECT_START.test(first)) return { kind: isJson(first) ? "ndjson" : "json" };
  const delimiter = headerDelimiterOf(first);
  if (delimiter !== undefined) return { kind: "csv", delimiter };
  if (first.startsWith('"') && isJson(first)) return { kind: "ndjson" };
  if (looksLikeTable(lines)) {
    const problem = `looks like a table without a column id: ${JSON.stringify(first)}`;
    throw new InputInvalid(file, `${problem}. Name one of its columns id, or say --input-format ids`, {
      lineNumber: 1,
    });
  }
  return { kind: "ids" };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
