import type { Log, LogFields } from "@sluice/core/ports";

/** A {@link Log} that writes each of its lines as JSON, as the functions' logs are. */
export function createLineLog(write: (line: string) => void, always: LogFields = {}): Log {
  const at = (level: string) => (message: string, fields?: LogFields) =>
    write(JSON.stringify({ level, message, ...always, ...fields }));
  return {
    debug: () => {},
    info: at("INFO"),
    warn: at("WARN"),
    error: at("ERROR"),
    with: (fields) => createLineLog(write, { ...always, ...fields }),
  };
}
