/** Log of the use-cases, for operators; each line is a short sentence and the fields that belong to it. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log, with these fields on every line. */
  with(fields: LogFields): Log;
}

/** Structured fields of a log line, by name; units stand in the names. */
export type LogFields = Readonly<Record<string, unknown>>;
