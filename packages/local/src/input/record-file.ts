/** The formats of record files, as `--input-format` names them. */
export const INPUT_FORMATS = ["ids", "csv", "ndjson", "json"] as const;

/** The format of a record file: an id a line, a table, a JSON value a line, or JSON over any lines. */
export type InputFormat = (typeof INPUT_FORMATS)[number];

/** A file of records that can be read again and again. */
export interface RecordFile {
  readonly path: string;
  /** The file in words for people: its path, or the stream that it was copied from. */
  readonly name: string;
  /** Left out: it follows from extension and content. */
  readonly format?: InputFormat;
}
